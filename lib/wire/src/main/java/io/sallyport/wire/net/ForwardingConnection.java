package io.sallyport.wire.net;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.tls.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Another connection, but for what a subclass changes. One that does something more when it is closed has to do it in
/// [#reset()] too.
///
/// - **Threads**, **errors**: those of the other.
/// - **Closes**: the other.
public abstract class ForwardingConnection implements Connection {
    protected final Connection connection;

    protected ForwardingConnection(Connection connection) {
        this.connection = connection;
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
    public Optional<Role> peerRole() {
        return connection.peerRole();
    }

    @Override
    public void reset() {
        connection.reset();
    }

    @Override
    public void close() {
        connection.close();
    }
}
