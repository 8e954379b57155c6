package io.sallyport.rpc.route;

/// Something a client shows to be let in. Prints redacted.
public record Credential(Kind kind, String text) {
    /// What it is.
    public enum Kind {
        /// The API key of a team.
        API_KEY,
        /// The token of a signed link.
        LINK
    }

    @Override
    public String toString() {
        return "Credential[" + kind + "]";
    }
}
