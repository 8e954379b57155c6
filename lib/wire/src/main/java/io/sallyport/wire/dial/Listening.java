package io.sallyport.wire.dial;

import java.util.List;

/// What listens in a sandbox.
///
/// @param sockets listening TCP sockets, by port
/// @param answeredBefore whether something once accepted a connection on the port that was asked for
public record Listening(List<Socket> sockets, boolean answeredBefore) {
    public Listening {
        sockets = List.copyOf(sockets);
    }

    /// A listening TCP socket.
    ///
    /// @param address it is bound to, without brackets: `127.0.0.1`, `::`
    /// @param process name of a process that holds it; empty where none is found
    public record Socket(int port, String address, String process) {}
}
