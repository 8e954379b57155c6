package io.sallyport.wire.http1;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tls.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A connection with bytes put back in front of it.
public final class Unread implements Connection {
    private final Connection connection;
    private final byte[] bytes;
    private int at;

    /// The bytes are not copied, and nobody may change them any more.
    public Unread(Connection connection, byte[] bytes) {
        this.connection = connection;
        this.bytes = bytes;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (at == bytes.length) {
            return connection.read(into, offset, length);
        }
        int n = Math.min(length, bytes.length - at);
        System.arraycopy(bytes, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        return at == bytes.length ? connection.readNow(into, offset, length) : read(into, offset, length);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        connection.write(from, offset, length);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (at == bytes.length) {
            return connection.read(into);
        }
        int n = Math.min(into.remaining(), bytes.length - at);
        into.put(bytes, at, n);
        at += n;
        return n;
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
