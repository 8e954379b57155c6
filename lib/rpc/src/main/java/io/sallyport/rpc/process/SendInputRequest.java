package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// Writes to the standard input of a process.
public record SendInputRequest(
        @Nullable ProcessSelector process, @Nullable Input input) {
    /// The bytes.
    public record Input(byte @Nullable [] stdin) {}
}
