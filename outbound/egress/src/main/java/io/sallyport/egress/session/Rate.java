package io.sallyport.egress.session;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// So many in a time, and as many at once after as long a rest.
///
/// - **Threads**: any.
final class Rate {
    private final ReentrantLock lock = new ReentrantLock();
    private final long timeNanos;
    private final long costNanos;
    private long freeAt; // what is taken is paid for up to this moment

    Rate(int perSecond) {
        this(perSecond, Duration.ofSeconds(1));
    }

    Rate(int count, Duration time) {
        this.timeNanos = time.toNanos();
        this.costNanos = timeNanos / count;
        this.freeAt = System.nanoTime() - timeNanos;
    }

    boolean tryTake() {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (now - freeAt > timeNanos) {
                freeAt = now - timeNanos;
            }
            if (now - freeAt < costNanos) {
                return false;
            }
            freeAt += costNanos;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
