package io.sallyport.wire.net;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Whether one direction of a socket is worth a try, and who waits until it is.
///
/// The order is: [#clear()], then the try, and [#await()] when it came to nothing. A change in between is not lost.
///
/// - **Threads**: one waits; any other says what has changed.
final class Readiness {
    private volatile boolean ready = true;
    private volatile boolean always;
    private volatile @Nullable Thread waiting;

    void clear() {
        ready = false;
    }

    void set() {
        ready = true;
        wake();
    }

    /// It stays so, whatever is cleared.
    void setForGood() {
        always = true;
        wake();
    }

    private void wake() {
        var thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /// Returns at once where the direction is ready, or the thread was interrupted.
    void await() {
        if (ready || always) {
            return;
        }
        waiting = Thread.currentThread();
        while (!ready && !always && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
        waiting = null;
    }
}
