package io.sallyport.wire.tunnel;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Calls somebody at an interval until it is closed.
///
/// - **Threads**: one clock for all; each beat runs on a virtual thread of its own and may wait. A beat is left
///   out while the one before still runs.
final class Heartbeat implements Closeable {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final Beat beat;
    private final long lateNanos;
    private final AtomicBoolean beating = new AtomicBoolean();
    private volatile long lastNanos = System.nanoTime();
    private volatile @Nullable ScheduledFuture<?> scheduled;

    private Heartbeat(Duration interval, Beat beat) {
        this.beat = beat;
        this.lateNanos = interval.toNanos() * 3 / 2;
    }

    interface Beat {
        /// One beat.
        ///
        /// @param late the process stood still since the last one, so that silence of the peer means nothing
        void run(boolean late);
    }

    static Heartbeat start(Duration interval, Beat beat) {
        var heartbeat = new Heartbeat(interval, beat);
        long nanos = interval.toNanos();
        heartbeat.scheduled = CLOCK.scheduleWithFixedDelay(heartbeat::tick, nanos, nanos, TimeUnit.NANOSECONDS);
        return heartbeat;
    }

    private static ScheduledThreadPoolExecutor clock() {
        var clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("heartbeats").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private void tick() {
        long now = System.nanoTime();
        boolean late = now - lastNanos > lateNanos;
        lastNanos = now;
        if (beating.compareAndSet(false, true)) {
            Thread.ofVirtual().name("heartbeat").start(() -> {
                try {
                    beat.run(late);
                } finally {
                    beating.set(false);
                }
            });
        }
    }

    @Override
    public void close() {
        var current = scheduled;
        if (current != null) {
            var _ = current.cancel(false);
        }
    }
}
