package io.sallyport.egress.inject;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.nio.ByteBuffer;

/// A connection whose peer has said everything already, of which each read gives a few bytes.
final class PieceConnection implements Connection {
    private final byte[] bytes;
    private final int most;
    private int at;

    PieceConnection(byte[] bytes, int most) {
        this.bytes = bytes;
        this.most = most;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (at == bytes.length) {
            return -1;
        }
        int n = Math.min(Math.min(length, most), bytes.length - at);
        System.arraycopy(bytes, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public int readNow(byte[] into, int offset, int length) {
        return read(into, offset, length);
    }

    @Override
    public int read(ByteBuffer into) {
        var piece = new byte[into.remaining()];
        int n = read(piece, 0, piece.length);
        into.put(piece, 0, Math.max(0, n));
        return n;
    }

    @Override
    public void write(byte[] from, int offset, int length) {}

    @Override
    public void write(ByteBuffer from) {}

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
