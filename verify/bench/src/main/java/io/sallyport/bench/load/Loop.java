package io.sallyport.bench.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Calls back when sockets are ready and timers are due, for as long as [#run] lasts.
///
/// - **Threads**: one.
/// - **Limits**: it spins through the last millisecond before a timer, which `select` cannot count.
/// - **Closes**: its selector; sockets belong to whoever registered them.
public final class Loop implements Closeable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::atNanos));

    private record Timer(long atNanos, Runnable action) {}

    private Loop(Selector selector) {
        this.selector = selector;
    }

    public static Loop open() throws IOException {
        return new Loop(Selector.open());
    }

    /// What is done for a socket. It deals with its own errors.
    @FunctionalInterface
    interface Ready {
        void ready(SelectionKey key);
    }

    SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, ready);
    }

    void at(long nanos, Runnable action) {
        timers.add(new Timer(nanos, action));
    }

    /// One buffer for everybody: it is free again when the callback returns.
    ByteBuffer buffer() {
        return buffer.clear();
    }

    /// Serves until `System.nanoTime()` is `untilNanos`.
    public void run(long untilNanos) throws IOException {
        long now;
        while ((now = System.nanoTime()) - untilNanos < 0) {
            var timer = timers.peek();
            if (timer != null && timer.atNanos - now <= 0) {
                timers.remove();
                timer.action.run();
                continue;
            }
            long next = timer == null || untilNanos - timer.atNanos < 0 ? untilNanos : timer.atNanos;
            select((next - now) / NANOS_PER_MS);
        }
    }

    private void select(long waitMs) throws IOException {
        if (waitMs == 0) {
            selector.selectNow(Loop::call);
        } else {
            selector.select(Loop::call, waitMs);
        }
    }

    private static void call(SelectionKey key) {
        ((Ready) key.attachment()).ready(key);
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
