package io.sallyport.egress.tunnel;

/// What the log will say about a tunnel, as it becomes known.
///
/// - **Threads**: the tunnel's.
final class Trail {
    String scheme;
    String rule = "";
    String address = "";

    Trail(String scheme) {
        this.scheme = scheme;
    }
}
