package io.sallyport.egress.tunnel;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.ForwardingConnection;
import io.sallyport.wire.net.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A connection of which the first bytes are read before anybody wants them, so that one can wait for the first of two
/// peers to say something.
///
/// - **Threads**: as [Connection] says; one more reads the first bytes.
/// - **Limits**: [#FIRST_BYTES_MAX] are read ahead.
final class Ahead extends ForwardingConnection {
    private static final int FIRST_BYTES_MAX = 4 << 10;

    private final byte[] first = new byte[FIRST_BYTES_MAX];
    private final CompletableFuture<Integer> length = new CompletableFuture<>();
    private int at;

    private Ahead(Connection connection) {
        super(connection);
    }

    static Ahead of(Connection connection) {
        var ahead = new Ahead(connection);
        var _ = Lane.fork("ahead", ahead::readFirst);
        return ahead;
    }

    private void readFirst() {
        try {
            length.complete(connection.read(first, 0, first.length));
        } catch (IOException | RuntimeException e) {
            length.completeExceptionally(e);
        }
    }

    /// Ends when the first bytes are there, or none will be.
    CompletableFuture<Integer> spoke() {
        return length;
    }

    /// What was read ahead and is not consumed; waits for it. Less than nothing at the end of the stream.
    private int left() throws IOException {
        try {
            int all = length.join();
            return all < 0 ? -1 : all - at;
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        }
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        int left = left();
        if (left <= 0) {
            return left < 0 ? -1 : connection.read(into, offset, wanted);
        }
        int n = Math.min(wanted, left);
        System.arraycopy(first, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public int readNow(byte[] into, int offset, int wanted) throws IOException {
        if (!length.isDone()) {
            return 0;
        }
        int left = left();
        return left == 0 ? connection.readNow(into, offset, wanted) : read(into, offset, wanted);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int left = left();
        if (left <= 0) {
            return left < 0 ? -1 : connection.read(into);
        }
        int n = Math.min(into.remaining(), left);
        into.put(first, at, n);
        at += n;
        return n;
    }
}
