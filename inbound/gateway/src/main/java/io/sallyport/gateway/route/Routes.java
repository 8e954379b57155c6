package io.sallyport.gateway.route;

import io.sallyport.kit.SandboxId;

/// Says whether a sandbox can be reached.
///
/// - **Threads**: any.
public interface Routes {
    Route find(SandboxId sandbox);

    /// The answer.
    sealed interface Route {
        record Running() implements Route {}

        /// It exists, or has existed, and cannot be reached now.
        ///
        /// @param state a word for people: `paused`, `killed`
        record NotRunning(String state) implements Route {}

        record Unknown() implements Route {}

        /// Nobody can say at the moment.
        record Undecided() implements Route {}
    }
}
