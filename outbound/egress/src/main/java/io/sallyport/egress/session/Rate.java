package io.sallyport.egress.session;

import java.util.concurrent.locks.ReentrantLock;

/// So many a second, and as many at once after a second's rest.
///
/// - **Threads**: any.
final class Rate {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final long costNanos;
    private long freeAt = // what is taken is paid for up to this moment
            System.nanoTime() - SECOND_NANOS;

    Rate(int perSecond) {
        this.costNanos = SECOND_NANOS / perSecond;
    }

    boolean tryTake() {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (now - freeAt > SECOND_NANOS) {
                freeAt = now - SECOND_NANOS;
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
