package io.sallyport.wire.tunnel;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that the peers of some sessions may send before anybody has read them: the sum of the windows of their
/// streams. It bounds what those sessions keep in memory, however many streams there are and whether they are read.
/// One half is for new streams alone, so that large windows of old ones do not keep them out.
///
/// - **Threads**: any.
public final class MuxBudget {
    private final long bytes;
    private final AtomicLong left;

    public MuxBudget(long bytes) {
        this.bytes = bytes;
        this.left = new AtomicLong(bytes);
    }

    /// What is not promised to any peer.
    public long left() {
        return left.get();
    }

    /// Takes a window for a new stream.
    boolean tryBegin(int window) {
        return tryTake(window, 0);
    }

    /// Takes as much again for a stream that is read.
    boolean tryGrow(int window) {
        return tryTake(window, bytes / 2);
    }

    private boolean tryTake(int window, long kept) {
        for (long there = left.get(); there - window >= kept; there = left.get()) {
            if (left.compareAndSet(there, there - window)) {
                return true;
            }
        }
        return false;
    }

    void giveBack(int window) {
        left.addAndGet(window);
    }
}
