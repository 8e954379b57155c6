package io.sallyport.relay.testing;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.nio.ByteBuffer;

/// A connection whose peer has said everything already.
public final class Said implements Connection {
    private final ByteBuffer bytes;
    private final int readMax;

    /// The most bytes that one read gives: `readMax`.
    public Said(byte[] bytes, int readMax) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.readMax = readMax;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int n = Math.min(Math.min(length, readMax), bytes.remaining());
        bytes.get(into, offset, n);
        return n == 0 ? -1 : n;
    }

    @Override
    public int readNow(byte[] into, int offset, int length) {
        return read(into, offset, length);
    }

    @Override
    public int read(ByteBuffer into) {
        throw new UnsupportedOperationException("nobody asks for it");
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        // It listens to everything.
    }

    @Override
    public void write(ByteBuffer from) {
        from.position(from.limit());
    }

    @Override
    public void shutdownOutput() {
        // It does not wait for that.
    }

    @Override
    public void deadline(Deadline deadline) {
        // It never makes anybody wait.
    }

    @Override
    public String peerAddress() {
        return "";
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
