package io.sallyport.wire.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.testing.SocketPair;
import io.sallyport.wire.websocket.WebSocket;
import io.sallyport.wire.websocket.WebSocket.Side;
import java.io.IOException;
import java.time.Duration;

/// Two ends of a WebSocket over a real TCP connection.
record WebSocketPair(WebSocket client, WebSocket server) implements AutoCloseable {
    static final Duration WAIT = Duration.ofSeconds(20);

    static WebSocketPair open() throws IOException {
        var sockets = SocketPair.open();
        var client =
                new WebSocket(SocketConnection.of(sockets.peer().getChannel()), Side.CLIENT, Chunk.MESSAGE_BYTES_MAX);
        var server = new WebSocket(sockets.ours(), Side.SERVER, Chunk.MESSAGE_BYTES_MAX);
        client.deadline(Deadline.after(WAIT));
        server.deadline(Deadline.after(WAIT));
        return new WebSocketPair(client, server);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
