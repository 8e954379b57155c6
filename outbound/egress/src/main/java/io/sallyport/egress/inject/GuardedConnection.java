package io.sallyport.egress.inject;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.ForwardingConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A connection that breaks where a credential's value is read from it: nothing can be replaced in bytes whose
/// meaning is unknown.
///
/// What may be the beginning of a value is held back from [#HELD_MIN] bytes on, so that a message that happens to
/// end with the first letters of one does not wait for the next.
final class GuardedConnection extends ForwardingConnection {
    private static final int HELD_MIN = 4;
    private static final int READ_BYTES = 16 << 10;

    private final Patterns patterns;
    private byte[] buffer = new byte[READ_BYTES];
    private int at; // of what can be given
    private int scanned; // before it all can be given but what is held
    private int held;
    private int state = Patterns.ROOT;

    GuardedConnection(Patterns patterns, Connection from) {
        super(from);
        this.patterns = patterns;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (free() == 0) {
            makeRoom();
            int n = connection.read(buffer, scanned, buffer.length - scanned);
            if (n < 0) {
                if (scanned == at) {
                    return -1;
                }
                held = 0;
            } else {
                scan(n);
            }
        }
        return give(into, offset, length);
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        if (free() == 0) {
            makeRoom();
            int n = connection.readNow(buffer, scanned, buffer.length - scanned);
            if (n <= 0) {
                return n;
            }
            scan(n);
        }
        return give(into, offset, length);
    }

    private int free() {
        return scanned - held - at;
    }

    private int give(byte[] into, int offset, int length) {
        int n = Math.min(length, free());
        System.arraycopy(buffer, at, into, offset, n);
        at += n;
        return n;
    }

    private void makeRoom() {
        System.arraycopy(buffer, at, buffer, 0, scanned - at);
        scanned -= at;
        at = 0;
        if (buffer.length - scanned < READ_BYTES) {
            buffer = Arrays.copyOf(buffer, scanned + READ_BYTES);
        }
    }

    private void scan(int more) throws IOException {
        for (int end = scanned + more; scanned < end; scanned++) {
            state = patterns.step(state, buffer[scanned]);
            if (patterns.matchAt(state) != Patterns.NONE) {
                throw Scrubbing.cut();
            }
        }
        int begun = patterns.depth(state);
        held = begun < HELD_MIN ? 0 : Math.min(begun, scanned - at);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        var bytes = new byte[Math.min(READ_BYTES, into.remaining())];
        int n = read(bytes, 0, bytes.length);
        if (n > 0) {
            into.put(bytes, 0, n);
        }
        return n;
    }
}
