package io.sallyport.bench.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The app behind the proxies: answers what [Target] lists and echoes WebSocket messages.
///
/// Bodies go out by `sendfile`, so that they cost the load's processor next to nothing.
public final class Backend implements Closeable {
    /// Bodies are this file, again and again.
    static final int PIECE_BYTES = 1 << 20;

    private static final int BACKLOG = 4096;

    private final Loop loop;
    private final ServerSocketChannel listener;
    private final FileChannel piece;

    private Backend(Loop loop, ServerSocketChannel listener, FileChannel piece) {
        this.loop = loop;
        this.listener = listener;
        this.piece = piece;
    }

    /// Listens on a free port of 127.0.0.1.
    ///
    /// @param directory where the bytes of the bodies are kept
    public static Backend start(Loop loop, Path directory) throws IOException {
        var file = Files.write(directory.resolve("body"), new byte[PIECE_BYTES]);
        var backend = new Backend(loop, ServerSocketChannel.open(), FileChannel.open(file, StandardOpenOption.READ));
        backend.listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        loop.register(backend.listener, SelectionKey.OP_ACCEPT, key -> backend.accept());
        return backend;
    }

    public int port() {
        return listener.socket().getLocalPort();
    }

    private void accept() {
        try {
            for (var accepted = listener.accept(); accepted != null; accepted = listener.accept()) {
                BackendConnection.serve(loop, accepted, piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the backend cannot accept", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        piece.close();
    }
}
