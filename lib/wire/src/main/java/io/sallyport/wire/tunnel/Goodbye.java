package io.sallyport.wire.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import java.io.IOException;
import java.time.Duration;

/// Ends a WebSocket so that the peer hears why.
final class Goodbye {
    private static final Duration WAIT = Duration.ofSeconds(2);

    private Goodbye() {}

    /// Says why, and reads on until the peer has ended its stream, for [#WAIT] at most: closing on unread bytes would
    /// reset the connection and lose the reason. To be called by whoever receives.
    static void say(WebSocket socket, int code, String reason) {
        begin(socket, code, reason);
        linger(socket);
    }

    /// What follows for whoever receives, where the goodbye has been said.
    static void linger(WebSocket socket) {
        socket.deadline(Deadline.after(WAIT));
        try {
            while (!(socket.receive() instanceof Message.Close)) {
                // Bounded by the deadline.
            }
        } catch (IOException e) {
            // It is gone.
        } finally {
            socket.close();
        }
    }

    /// Has whoever receives end within [#WAIT], and tells the peer why.
    static void begin(WebSocket socket, int code, String reason) {
        socket.deadline(Deadline.after(WAIT));
        socket.close(code, reason);
    }
}
