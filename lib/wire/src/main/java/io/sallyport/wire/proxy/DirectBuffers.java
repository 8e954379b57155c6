package io.sallyport.wire.proxy;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Buffers outside the heap for bodies that are large. Making one costs more than filling it, so they are kept.
///
/// - **Threads**: any.
/// - **Limits**: [#KEPT] of [#BYTES] are kept; more can be in use.
final class DirectBuffers {
    private static final int BYTES = 256 << 10;
    private static final int KEPT = 64;
    private static final Queue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger FREE_COUNT = new AtomicInteger();

    private DirectBuffers() {}

    static ByteBuffer take() {
        var free = FREE.poll();
        if (free == null) {
            return ByteBuffer.allocateDirect(BYTES);
        }
        FREE_COUNT.decrementAndGet();
        return free;
    }

    static void give(ByteBuffer buffer) {
        if (FREE_COUNT.get() < KEPT) {
            FREE_COUNT.incrementAndGet();
            FREE.add(buffer);
        }
    }
}
