package io.sallyport.agent.sandbox;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tls.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/// A connection into a sandbox that is in the sandbox's set for as long as it is open.
final class TiedConnection implements Connection {
    private final Connection connection;
    private final Set<Connection> open;

    TiedConnection(Connection connection, Set<Connection> open) {
        this.connection = connection;
        this.open = open;
        open.add(this);
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
    public void close() {
        open.remove(this);
        connection.close();
    }
}
