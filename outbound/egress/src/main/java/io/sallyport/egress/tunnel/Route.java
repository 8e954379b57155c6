package io.sallyport.egress.tunnel;

import io.sallyport.egress.intercept.PermittedHosts;
import io.sallyport.egress.intercept.UpstreamOpener;
import io.sallyport.wire.net.Connection;

/// The way of a tunnel that has been allowed and connected.
///
/// @param scheme as it was decided; with `sniffed` the likeliest
/// @param sniffed whether the first bytes have to say what it is
/// @param lookedInto whether a rule or a credential wants it intercepted
/// @param permitted what might have been, when that was decided
/// @param upstream the host; behind TLS of ours where `encrypted`
/// @param encrypted whether the TLS with the host is ours
/// @param plain opens more connections to the same address
/// @param tls the same, with TLS of ours
record Route(
        String scheme,
        boolean sniffed,
        boolean lookedInto,
        PermittedHosts permitted,
        Connection upstream,
        boolean encrypted,
        UpstreamOpener plain,
        UpstreamOpener tls) {}
