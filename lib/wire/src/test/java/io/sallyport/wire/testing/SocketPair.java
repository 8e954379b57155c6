package io.sallyport.wire.testing;

import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Two ends of a real TCP connection: ours, and a plain socket to play the peer with.
public record SocketPair(SocketConnection ours, Socket peer) implements AutoCloseable {
    private static final int PEER_WAIT_MS = 10_000;

    public static SocketPair open() throws IOException {
        try (var server = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            var peer = SocketChannel.open(server.getLocalAddress());
            peer.socket().setSoTimeout(PEER_WAIT_MS);
            return new SocketPair(SocketConnection.of(server.accept()), peer.socket());
        }
    }

    public void send(String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Exactly `length` bytes from our end.
    public String receive(int length) throws IOException {
        return new String(peer.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /// Everything up to the end of our stream.
    public String receiveAll() throws IOException {
        return new String(peer.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        ours.close();
        peer.close();
    }
}
