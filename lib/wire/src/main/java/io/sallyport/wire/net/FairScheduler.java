package io.sallyport.wire.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Runs tasks in the order in which they came, on a fixed number of platform threads, the carriers; one of those that
/// have nothing to run waits for sockets.
///
/// ```
///   execute ──▶ ready ──▶ a carrier runs it ──▶ it waits for a socket (Readiness)
///                 ▲                                        │
///                 └──── a carrier without work ◀── epoll ◀─┘
/// ```
///
/// - **Threads**: any; tasks must not fail.
final class FairScheduler implements Executor {
    /// Tasks that a carrier runs before it looks at the sockets in any case.
    private static final int RUN_MAX = 61;

    private static final long TICK_NANOS = 5_000_000;

    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> asleep = new ConcurrentLinkedQueue<>();
    private final Epoll epoll;
    private final AtomicBoolean polling = new AtomicBoolean();
    private volatile boolean pollerAsleep;
    private volatile long polls; // by whoever has `polling`
    private final Map<Long, Readiness> sockets = new ConcurrentHashMap<>();
    private final AtomicLong keys = new AtomicLong();
    private final int processors;
    private final AtomicInteger awake = new AtomicInteger();
    private final Watch watch = new Watch();

    FairScheduler(int processors, int carriers) {
        this.processors = processors;
        awake.set(carriers);
        try {
            epoll = new Epoll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < carriers; i++) {
            new Carrier("carrier-" + i).start();
        }
        Thread.ofPlatform().daemon().name("carriers").start(watch);
    }

    @Override
    public void execute(Runnable task) {
        boolean others = !ready.isEmpty();
        ready.add(task);
        if ((others || !(FairThreads.carrier() instanceof Carrier)) && awake.get() < processors) {
            wakeOne();
        }
    }

    private void wakeOne() {
        var sleeper = asleep.poll();
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        } else if (pollerAsleep) {
            epoll.wake();
        }
    }

    /// A socket that is waited for from now on.
    void add(int socket, Readiness readiness) throws IOException {
        long key = keys.incrementAndGet();
        readiness.key = key;
        sockets.put(key, readiness);
        epoll.add(socket, key);
    }

    void forget(Readiness readiness) {
        sockets.remove(readiness.key);
    }

    void remove(int socket, Readiness readiness) throws IOException {
        forget(readiness);
        epoll.remove(socket);
    }

    private void changed(long key, boolean readable, boolean writable, boolean ended) {
        var readiness = sockets.get(key);
        if (readiness != null) {
            readiness.changed(readable, writable, ended);
        }
    }

    final class Carrier extends Thread {
        private int ran;

        Carrier(String name) {
            super(name);
            setDaemon(true);
        }

        FairScheduler scheduler() {
            return FairScheduler.this;
        }

        @Override
        public void run() {
            while (true) {
                var task = ready.poll();
                if (task != null) {
                    watch.busy();
                    task.run();
                    ran++;
                    if (ran >= RUN_MAX && polling.compareAndSet(false, true)) {
                        poll(0);
                    }
                } else if (polling.compareAndSet(false, true)) {
                    pollerAsleep = true;
                    awake.decrementAndGet();
                    poll(ready.isEmpty() ? Epoll.FOREVER : 0);
                    awake.incrementAndGet();
                } else {
                    awake.decrementAndGet();
                    asleep.add(this);
                    if (ready.isEmpty() && polling.get()) {
                        LockSupport.park(FairScheduler.this);
                    }
                    asleep.remove(this);
                    awake.incrementAndGet();
                }
            }
        }

        private void poll(int millis) {
            ran = 0;
            polls++;
            epoll.await(millis, FairScheduler.this::changed);
            pollerAsleep = false;
            polling.set(false);
        }
    }

    /// A task that occupies its carrier for long, or blocks it, must not hold up those that no other carrier was woken
    /// for.
    private final class Watch implements Runnable {
        private volatile boolean awake;
        private volatile boolean seen;

        void busy() {
            if (!seen) {
                seen = true;
                if (!awake) {
                    awake = true;
                    LockSupport.unpark(thread);
                }
            }
        }

        private volatile Thread thread = Thread.currentThread();

        @Override
        public void run() {
            thread = Thread.currentThread();
            Runnable first = null;
            long before = -1;
            while (true) {
                if (seen) {
                    seen = false;
                    LockSupport.parkNanos(TICK_NANOS);
                } else if (ready.isEmpty()) {
                    awake = false;
                    if (!seen) {
                        LockSupport.park(this);
                    }
                    awake = true;
                } else {
                    LockSupport.parkNanos(TICK_NANOS);
                }
                var now = ready.peek();
                long polled = polls;
                if (now != null && now == first || polled == before && !polling.get()) {
                    wakeOne();
                }
                first = now;
                before = polled;
            }
        }
    }
}
