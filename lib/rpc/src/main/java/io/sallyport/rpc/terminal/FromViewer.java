package io.sallyport.rpc.terminal;

import org.jspecify.annotations.Nullable;

/// A text message of a viewer. Exactly one is present. Its binary messages are input.
public record FromViewer(
        @Nullable Size resize,
        @Nullable Signal signal,
        @Nullable Ack ack,
        @Nullable Ping ping,
        @Nullable Detach detach) {
    /// Signals the programs in the foreground.
    ///
    /// @param name `INT`, `QUIT`, `TSTP`, `HUP`, `TERM`, `KILL`, `WINCH`, `CONT`
    /// @param discard whether output that waits to be sent to this viewer is left out
    public record Signal(@Nullable String name, boolean discard) {}

    /// All output before `upTo` has been dealt with.
    public record Ack(long upTo) {}

    /// Asks for a [ToViewer.Pong] with the same number.
    public record Ping(long id) {}

    /// Goodbye: the terminal need not wait for this viewer to come back.
    public record Detach() {}

    public static FromViewer resize(Size size) {
        return new FromViewer(size, null, null, null, null);
    }

    public static FromViewer signal(String name, boolean discard) {
        return new FromViewer(null, new Signal(name, discard), null, null, null);
    }

    public static FromViewer ack(long upTo) {
        return new FromViewer(null, null, new Ack(upTo), null, null);
    }

    public static FromViewer ping(long id) {
        return new FromViewer(null, null, null, new Ping(id), null);
    }

    public static FromViewer goodbye() {
        return new FromViewer(null, null, null, null, new Detach());
    }
}
