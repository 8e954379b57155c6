package io.sallyport.relay.listen;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A program's connection. Closed before our stream has ended it is reset: a program that speaks no TLS must not take
/// half an answer for a whole one.
///
/// - **Closes**: calls the given action, which may be called again.
final class ClientEnd implements Connection {
    private final Connection connection;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean outputEnded;
    private volatile @Nullable Closeable also;

    ClientEnd(Connection connection, Runnable whenClosed) {
        this.connection = connection;
        this.whenClosed = whenClosed;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return connection.read(into, offset, length);
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        return connection.readNow(into, offset, length);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        connection.write(from, offset, length);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return connection.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        connection.write(from);
    }

    @Override
    public void shutdownOutput() throws IOException {
        connection.shutdownOutput();
        outputEnded = true;
    }

    @Override
    public void deadline(Deadline deadline) {
        connection.deadline(deadline);
    }

    @Override
    public String peerAddress() {
        return connection.peerAddress();
    }

    /// HTTP is spoken on it, which says by itself where an answer ends: it is closed and never reset.
    ///
    /// @param with what is closed with it
    void speaksHttp(Closeable with) {
        outputEnded = true;
        also = with;
        if (closed.get()) {
            closeAlso();
        }
    }

    private void closeAlso() {
        try (var _ = also) {
            whenClosed.run();
        } catch (IOException e) {
            // It has been let go of.
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (outputEnded) {
                connection.close();
            } else {
                connection.reset();
            }
            closeAlso();
        }
    }
}
