package io.sallyport.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// What load and backend do alike.
final class Sockets {
    private Sockets() {}

    /// Writes what always fits into the socket's buffer.
    static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException(bytes.remaining() + " bytes do not fit into the socket's buffer");
        }
    }

    /// A buffer that is written without a copy.
    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to release.
        }
    }
}
