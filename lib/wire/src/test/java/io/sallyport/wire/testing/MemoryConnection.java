package io.sallyport.wire.testing;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A connection whose peer has said everything already and listens for ever.
///
/// - **Threads**: one at a time.
/// - **Limits**: a reader that does not stop at the end of the stream fails after [#READS_AFTER_END_MAX] tries.
public final class MemoryConnection implements Connection {
    private static final int READS_AFTER_END_MAX = 8;

    private final byte[] incoming;
    private final int length;
    private final int readMax;
    private int at;
    private int readsAfterEnd;
    private byte[] written = {};
    private int writtenLength;

    /// A connection on which the peer has sent the first `length` bytes of `incoming`.
    ///
    /// @param readMax the most bytes that one read gives
    public MemoryConnection(byte[] incoming, int length, int readMax) {
        this.incoming = incoming;
        this.length = length;
        this.readMax = readMax;
    }

    /// Bytes that the peer has sent and nobody has read.
    public int unread() {
        return length - at;
    }

    /// Everything that was written.
    public byte[] written() {
        return Arrays.copyOf(written, writtenLength);
    }

    @Override
    public int read(byte[] into, int offset, int wanted) {
        if (at == length) {
            if (++readsAfterEnd > READS_AFTER_END_MAX) {
                throw new AssertionError("read on and on behind the end of the stream");
            }
            return -1;
        }
        int n = Math.min(Math.min(wanted, readMax), length - at);
        System.arraycopy(incoming, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public int readNow(byte[] into, int offset, int length) {
        return read(into, offset, length);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        if (writtenLength + count > written.length) {
            written = Arrays.copyOf(written, writtenLength + Math.max(count, writtenLength));
        }
        System.arraycopy(from, offset, written, writtenLength, count);
        writtenLength += count;
    }

    @Override
    public int read(ByteBuffer into) {
        var bytes = new byte[into.remaining()];
        int n = read(bytes, 0, bytes.length);
        into.put(bytes, 0, Math.max(0, n));
        return n;
    }

    @Override
    public void write(ByteBuffer from) {
        var bytes = new byte[from.remaining()];
        from.get(bytes);
        write(bytes, 0, bytes.length);
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void deadline(Deadline deadline) {}

    @Override
    public String peerAddress() {
        return "";
    }

    @Override
    public void close() {}
}
