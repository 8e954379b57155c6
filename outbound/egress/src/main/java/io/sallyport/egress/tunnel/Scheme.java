package io.sallyport.egress.tunnel;

import io.sallyport.wire.address.Destination;
import java.util.List;
import java.util.Optional;

/// What a tunnel is going to carry. Pure.
///
/// A relay that knows says so. A client of CONNECT does not, and then
///
/// | port | it is |
/// |---|---|
/// | 443, and any port of a host that is looked into | `https`, and must be |
/// | 80 | what its first bytes are: `http`, `https`, and anything else `tcp` |
/// | another | the same, `https` expected |
///
/// What the first bytes turn out to be must be allowed as well. A policy in mode `OPEN` allows all three.
final class Scheme {
    static final String HTTPS = "https";
    static final String HTTP = "http";
    static final String TCP = "tcp";

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private Scheme() {}

    /// What it may be, the likeliest first; more than one where the first bytes decide.
    ///
    /// @param said by the relay
    /// @param lookedInto whether connections to that host are intercepted
    static List<String> candidates(Optional<String> said, Destination to, boolean lookedInto) {
        if (said.isPresent()) {
            return List.of(said.get());
        }
        if (to.port() == HTTP_PORT) {
            return List.of(HTTP, HTTPS, TCP);
        }
        return to.port() == HTTPS_PORT || lookedInto ? List.of(HTTPS) : List.of(HTTPS, HTTP, TCP);
    }
}
