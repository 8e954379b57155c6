package io.sallyport.bench.pty;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A terminal that never stops writing, and a viewer that reads it all.
final class Flood implements Closeable {
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final double BYTES_PER_MIB = 1 << 20;

    private final Attachment terminal;
    private final AtomicLong read = new AtomicLong();
    private volatile boolean closed;
    private volatile @Nullable IOException failure;
    private final long beganNanos = System.nanoTime();

    private Flood(Attachment terminal) {
        this.terminal = terminal;
    }

    static Flood start(Door door) throws IOException {
        var id = door.openRaw("head -c 1 > /dev/null; exec tr '\\0' x < /dev/zero");
        var flood = new Flood(Attachment.open(door, id, LIFE));
        flood.terminal.awaitReady();
        flood.terminal.type(new byte[] {'\n'}, 0, 1);
        Thread.ofPlatform().daemon().start(flood::view);
        return flood;
    }

    private void view() {
        try {
            while (true) {
                read.addAndGet(terminal.output().orElseThrow(() -> new IOException("the flood has ended")).length);
            }
        } catch (IOException e) {
            failure = closed ? null : e;
        }
    }

    /// What came since the start.
    double mibPerSecond() throws IOException {
        var failed = failure;
        if (failed != null) {
            throw new IOException("the viewer of the flood: " + failed.getMessage(), failed);
        }
        return read.get() / BYTES_PER_MIB / ((System.nanoTime() - beganNanos) / 1e9);
    }

    @Override
    public void close() {
        closed = true;
        terminal.close();
    }
}
