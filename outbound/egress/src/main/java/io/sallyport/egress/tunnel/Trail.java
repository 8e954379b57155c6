package io.sallyport.egress.tunnel;

/// What the log will say about a tunnel, as it becomes known.
///
/// - **Threads**: the tunnel's.
final class Trail {
    String scheme;
    String rule = "";
    String address = "";

    /// Why the last attempt to reach the host failed, in a few words.
    String failure = "";

    Trail(String scheme) {
        this.scheme = scheme;
    }

    /// The rule, and what else is known of a refusal.
    static String rule(String rule, String detail) {
        return rule.isEmpty() || detail.isEmpty() ? rule + detail : rule + ": " + detail;
    }
}
