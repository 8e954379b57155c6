package io.sallyport.wire.dial;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What listens in a sandbox.
///
/// @param sockets listening TCP sockets
/// @param answered ports on which something once accepted a connection of ours
public record Listening(List<Socket> sockets, List<Integer> answered) {
    public Listening(@Nullable List<Socket> sockets, @Nullable List<Integer> answered) {
        this.sockets = List.copyOf(Objects.requireNonNullElse(sockets, List.of()));
        this.answered = List.copyOf(Objects.requireNonNullElse(answered, List.of()));
    }

    /// A listening TCP socket.
    ///
    /// @param address it is bound to, without brackets: `127.0.0.1`, `::`
    /// @param process name of a process that holds it; empty where none is found
    public record Socket(int port, String address, String process) {}
}
