package io.sallyport.rpc.egress.policy;

/// A policy that is refused as a whole. The message names the entry, what it says, and what was expected; never the
/// value of a header, which may be a secret.
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int QUOTED_MAX = 100;

    public PolicyException(String message) {
        super(message);
    }

    /// @param where `allow[3].ports[0]`
    static PolicyException at(String where, String value, String expected) {
        return new PolicyException(where + ": " + value + " (expected: " + expected + ")");
    }

    /// What somebody wrote, so that it harms no log and no terminal.
    static String quoted(String value) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(value.length(), QUOTED_MAX); i++) {
            char c = value.charAt(i);
            boolean plain = c >= ' ' && c < 127 && c != '"' && c != '\\';
            text.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return text.append(value.length() > QUOTED_MAX ? "…\"" : "\"").toString();
    }
}
