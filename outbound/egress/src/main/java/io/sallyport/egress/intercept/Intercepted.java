package io.sallyport.egress.intercept;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.Destination;

/// One connection that is looked into.
///
/// @param sandbox whose it is
/// @param permitted all that may be looked into for that sandbox, as it was when this connection was decided
/// @param destination of its CONNECT, which every request on it must be for
/// @param scheme `https` or `http`: what the client speaks, and so do we with the host
/// @param terms what holds for each request
/// @param upstream the way to the host; what it opens is closed by the interceptor
/// @param audit where each request is written down
public record Intercepted(
        SandboxId sandbox,
        PermittedHosts permitted,
        Destination destination,
        String scheme,
        Terms.Source terms,
        UpstreamOpener upstream,
        RequestRecord.Sink audit) {
    public static final String HTTPS = "https";
    public static final String HTTP = "http";

    public Intercepted {
        if (!scheme.equals(HTTPS) && !scheme.equals(HTTP)) {
            throw new IllegalArgumentException("scheme: " + scheme + " (expected: https or http)");
        }
    }

    /// `host`, or `host:port` where the port is not the scheme's own.
    String authority() {
        var text = destination.text();
        int port = scheme.equals(HTTPS) ? 443 : 80;
        return destination.port() == port ? text.substring(0, text.lastIndexOf(':')) : text;
    }
}
