package io.sallyport.egress.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A connection out of a sandbox that says when it is closed.
final class Door implements Connection {
    private final Connection connection;
    private final Runnable onClosed;

    /// @param onClosed called with every [#close()]
    Door(Connection connection, Runnable onClosed) {
        this.connection = connection;
        this.onClosed = onClosed;
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
    public int read(ByteBuffer into) throws IOException {
        return connection.read(into);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        connection.write(from, offset, length);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        connection.write(from);
    }

    @Override
    public void shutdownOutput() throws IOException {
        connection.shutdownOutput();
    }

    @Override
    public void deadline(Deadline deadline) {
        connection.deadline(deadline);
    }

    @Override
    public String peerAddress() {
        return connection.peerAddress();
    }

    @Override
    public void close() {
        connection.close();
        onClosed.run();
    }
}
