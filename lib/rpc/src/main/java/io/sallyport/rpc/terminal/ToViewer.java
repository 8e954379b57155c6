package io.sallyport.rpc.terminal;

import org.jspecify.annotations.Nullable;

/// A text message to a viewer. Exactly one is present. Binary messages are output, byte after byte from where
/// [Attached] or the last [Gap] said.
public record ToViewer(
        @Nullable Attached attached,
        @Nullable Gap gap,
        @Nullable Taken taken,
        @Nullable Pong pong,
        @Nullable Resized resized,
        @Nullable Exit exit) {
    /// The first message.
    ///
    /// @param from the sequence number of the next byte of output
    public record Attached(
            @Nullable String id,
            int pid,
            long from,
            @Nullable Size size,
            boolean readOnly) {}

    /// Output is missing here; the next byte is `to`.
    ///
    /// @param reason `overwritten`: this viewer came or went on too late; `discarded`: it wanted that
    public record Gap(long from, long to, @Nullable String reason) {}

    /// So many bytes of this viewer's input have gone into the terminal.
    public record Taken(long upTo) {}

    /// The answer to a ping.
    public record Pong(long id) {}

    /// Another viewer has changed the size.
    public record Resized(@Nullable Size size) {}

    /// The program has ended; after all its output, and before the goodbye.
    ///
    /// @param exitCode the code of a normal exit, -1 after a signal
    /// @param exited whether it was a normal exit
    /// @param status `exit status N` or `signal: NAME`
    public record Exit(
            int exitCode, boolean exited, @Nullable String status) {}

    public static ToViewer attached(Attached attached) {
        return new ToViewer(attached, null, null, null, null, null);
    }

    public static ToViewer gap(long from, long to, String reason) {
        return new ToViewer(null, new Gap(from, to, reason), null, null, null, null);
    }

    public static ToViewer taken(long upTo) {
        return new ToViewer(null, null, new Taken(upTo), null, null, null);
    }

    public static ToViewer pong(long id) {
        return new ToViewer(null, null, null, new Pong(id), null, null);
    }

    public static ToViewer resized(Size size) {
        return new ToViewer(null, null, null, null, new Resized(size), null);
    }

    public static ToViewer exit(Exit exit) {
        return new ToViewer(null, null, null, null, null, exit);
    }
}
