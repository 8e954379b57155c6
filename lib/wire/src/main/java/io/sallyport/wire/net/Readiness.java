package io.sallyport.wire.net;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What is known of a socket: whether a read or a write is worth trying, and who waits for it.
///
/// - **Threads**: one may wait to read and another to write.
final class Readiness {
    long key;
    volatile boolean readable = true;
    volatile boolean writable = true;
    volatile boolean ended;
    private volatile boolean over;
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread writer;

    void changed(boolean nowReadable, boolean nowWritable, boolean nowEnded) {
        if (nowEnded) {
            ended = true;
        }
        if (nowReadable) {
            readable = true;
            wake(reader);
        }
        if (nowWritable) {
            writable = true;
            wake(writer);
        }
    }

    private static void wake(@Nullable Thread waiting) {
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /// Nobody waits any more, and nobody will.
    void end() {
        over = true;
        changed(true, true, true);
    }

    void awaitReadable() {
        reader = Thread.currentThread();
        while (!readable && !ended && !over && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
        reader = null;
    }

    void awaitWritable() {
        writer = Thread.currentThread();
        while (!writable && !over && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
        writer = null;
    }
}
