package io.sallyport.bench.load;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// One connection from a proxy. It ends when the proxy says so, or with the first request that nobody should
/// have sent.
final class BackendConnection {
    private final SocketChannel channel;
    private final Loop loop;
    private final FileChannel piece;
    private final Head head = new Head();
    private long bodyLeft;
    private boolean closes;

    private BackendConnection(Loop loop, SocketChannel channel, FileChannel piece) {
        this.loop = loop;
        this.channel = channel;
        this.piece = piece;
    }

    /// Serves it from now on.
    ///
    /// @param piece what bodies are made of
    static void serve(Loop loop, SocketChannel accepted, FileChannel piece) throws IOException {
        var connection = new BackendConnection(loop, accepted, piece);
        loop.register(accepted, SelectionKey.OP_READ, connection::ready);
    }

    private void ready(SelectionKey key) {
        try {
            if (bodyLeft > 0) {
                sendBody(key);
            } else {
                read(key);
            }
            if (closes && bodyLeft == 0) {
                channel.close();
            }
        } catch (IOException e) {
            Sockets.close(channel);
        }
    }

    private void read(SelectionKey key) throws IOException {
        var bytes = loop.buffer();
        if (channel.read(bytes) < 0) {
            closes = true;
            return;
        }
        bytes.flip();
        if (head.fill(bytes)) {
            answer(key);
            head.clear();
        }
        if (bytes.hasRemaining()) {
            throw new IOException("more than one request at a time");
        }
    }

    private void answer(SelectionKey key) throws IOException {
        var answer = Answer.to(head);
        if (answer.target() == Target.ECHO) {
            key.attach(Echo.begin(channel, head.value("Sec-WebSocket-Key")));
            return;
        }
        closes = head.closes();
        Sockets.writeAll(channel, answer.start().duplicate());
        bodyLeft = answer.bytesBehind();
        if (bodyLeft > 0) {
            sendBody(key);
        }
    }

    private void sendBody(SelectionKey key) throws IOException {
        long inPiece = (bodyLeft - 1) % Backend.PIECE_BYTES + 1;
        bodyLeft -= piece.transferTo(Backend.PIECE_BYTES - inPiece, inPiece, channel);
        key.interestOps(bodyLeft > 0 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
}
