package io.sallyport.relay.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/// The session token, outside the Java heap: what a dump of the heap holds of it is only what a tunnel that is
/// being opened has copied.
///
/// - **Threads**: any.
/// - **Closes**: whoever read it; the memory is zeroed.
final class Token implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;
    private boolean closed; // guarded by lock

    /// Copies `source`, which stays the caller's to wipe.
    Token(MemorySegment source) {
        bytes = arena.allocate(source.byteSize());
        bytes.copyFrom(source);
    }

    /// A copy, to be forgotten soon. [IllegalStateException] after the end.
    byte[] copy() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the relay has ended and its token with it");
            }
            return bytes.toArray(JAVA_BYTE);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                bytes.fill((byte) 0);
                arena.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "Token[set]";
    }
}
