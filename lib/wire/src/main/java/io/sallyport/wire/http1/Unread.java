package io.sallyport.wire.http1;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.ForwardingConnection;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A connection with bytes put back in front of it.
public final class Unread extends ForwardingConnection {
    private final byte[] bytes;
    private int at;

    /// The bytes are not copied, and nobody may change them any more.
    public Unread(Connection connection, byte[] bytes) {
        super(connection);
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
    public int read(ByteBuffer into) throws IOException {
        if (at == bytes.length) {
            return connection.read(into);
        }
        int n = Math.min(into.remaining(), bytes.length - at);
        into.put(bytes, at, n);
        at += n;
        return n;
    }
}
