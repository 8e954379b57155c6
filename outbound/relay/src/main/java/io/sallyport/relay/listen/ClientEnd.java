package io.sallyport.relay.listen;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.ForwardingConnection;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A program's connection. Closed before our stream has ended it is reset: a program that speaks no TLS must not take
/// half an answer for a whole one.
///
/// - **Closes**: calls the given action, which may be called again.
final class ClientEnd extends ForwardingConnection {
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean outputEnded;
    private volatile @Nullable Closeable also;

    ClientEnd(Connection connection, Runnable whenClosed) {
        super(connection);
        this.whenClosed = whenClosed;
    }

    @Override
    public void shutdownOutput() throws IOException {
        connection.shutdownOutput();
        outputEnded = true;
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
    public void reset() {
        close();
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
