package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// Writes to the standard input of a process, or into its terminal.
public record SendInputRequest(
        @Nullable ProcessSelector process, @Nullable Input input) {
    /// The bytes. Exactly one is present.
    public record Input(byte @Nullable [] stdin, byte @Nullable [] pty) {
        public static Input stdin(byte[] bytes) {
            return new Input(bytes, null);
        }
    }
}
