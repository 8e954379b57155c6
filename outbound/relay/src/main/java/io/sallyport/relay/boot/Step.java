package io.sallyport.relay.boot;

import java.util.Locale;

/// The steps of a start, in their order.
public enum Step {
    /// Whether a relay is wanted, from the environment.
    GATES,
    TOKEN,
    /// No tracing, no attaching. What is missing is told, and the start goes on.
    GUARD,
    CA,
    LISTEN,
    /// Listeners for what is redirected. Without them the rest works.
    TRANSPARENT,
    CANARIES,
    CLEANUP,
    /// The token's file goes only now, so that a start that ended before can be made again.
    UNLINK,
    ENVIRONMENT;

    /// As it stands in the status document: `ca`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
