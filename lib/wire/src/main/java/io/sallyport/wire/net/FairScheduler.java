package io.sallyport.wire.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs tasks in the order in which they came, on a fixed number of platform threads, the carriers. One of those that
/// have nothing to run waits for sockets, and runs itself what becomes ready by them.
///
/// ```
///   execute ──▶ ready ──▶ a carrier runs it ──▶ it waits for a socket (WaitingChannel)
///                 ▲                                         │
///                 └── a carrier with nothing to run ◀─ Epoll ┘
/// ```
///
/// A carrier that makes a task ready wakes nobody for it, for it will soon be free itself; for a second one it does,
/// as long as a processor is. When soon is not soon enough, the watch sees it: [#TICK_NANOS].
///
/// - **Threads**: any.
/// - **Errors**: a task that fails is logged, and what it was about is lost.
final class FairScheduler implements Executor {
    /// Tasks that a carrier runs before it looks at the sockets in any case.
    private static final int TASKS_MAX = 61;

    private static final long TICK_NANOS = 5_000_000;

    /// After so many without work the watch sleeps.
    private static final int QUIET_TICKS = 20;

    private static final Logger LOG = System.getLogger(FairScheduler.class.getName());

    private final int processors;
    private final Epoll epoll;
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final Map<Long, WaitingChannel> sockets = new ConcurrentHashMap<>();
    private final AtomicLong lastKey = new AtomicLong();

    private final Queue<Thread> asleep = new ConcurrentLinkedQueue<>();
    private final AtomicInteger awake;
    private final AtomicBoolean polling = new AtomicBoolean();
    private final AtomicBoolean pollerAsleep = new AtomicBoolean();
    private volatile boolean polled; // since the watch looked last
    private volatile boolean pollIsDue;

    private final Thread watch = Thread.ofPlatform().daemon().name("carriers").unstarted(this::watch);
    private volatile boolean watchAsleep;

    private FairScheduler(int processors, int carriers, Epoll epoll) {
        this.processors = processors;
        this.awake = new AtomicInteger(carriers);
        this.epoll = epoll;
    }

    static FairScheduler start(int processors, int carriers) {
        try {
            var scheduler = new FairScheduler(processors, carriers, Epoll.open());
            for (int i = 0; i < carriers; i++) {
                scheduler.new Carrier(i).start();
            }
            scheduler.watch.start();
            return scheduler;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Null where the thread carries for no such scheduler.
    static @Nullable FairScheduler ofCarrier(Thread thread) {
        return thread instanceof Carrier carrier ? carrier.scheduler() : null;
    }

    @Override
    public void execute(Runnable task) {
        boolean others = !ready.isEmpty();
        ready.add(task);
        if (awake.get() < processors && (others || ofCarrier(Jdk.carrier()) != this)) {
            wakeOne();
        }
    }

    private void wakeOne() {
        var sleeper = asleep.poll();
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        } else if (pollerAsleep.compareAndSet(true, false)) {
            epoll.wake();
        }
    }

    /// Tells the channel of its changes from now on.
    ///
    /// @param socket its number
    /// @return its key here
    long add(WaitingChannel channel, int socket) throws IOException {
        long key = lastKey.incrementAndGet();
        sockets.put(key, channel);
        try {
            epoll.add(socket, key);
        } catch (IOException e) {
            sockets.remove(key);
            throw e;
        }
        return key;
    }

    void remove(long key, int socket) throws IOException {
        forget(key);
        epoll.remove(socket);
    }

    /// To be called when the socket is closed.
    void forget(long key) {
        sockets.remove(key);
    }

    private void changed(long key, boolean readable, boolean writable, boolean ended) {
        var channel = sockets.get(key);
        if (channel != null) {
            channel.changed(readable, writable, ended);
        }
    }

    private final class Carrier extends Thread {
        private int tasks;

        Carrier(int number) {
            super("carrier-" + number);
            setDaemon(true);
        }

        FairScheduler scheduler() {
            return FairScheduler.this;
        }

        @Override
        public void run() {
            while (true) {
                try {
                    step();
                } catch (RuntimeException | Error e) { // the task is lost, and the carrier is not
                    LOG.log(Level.ERROR, "a carrier goes on after", e);
                }
            }
        }

        private void step() {
            var task = ready.poll();
            if (task != null) {
                task.run();
                tasks++;
                if ((tasks >= TASKS_MAX || pollIsDue) && polling.compareAndSet(false, true)) {
                    poll(false);
                }
            } else if (polling.compareAndSet(false, true)) {
                poll(true);
            } else {
                sleep();
            }
        }

        /// With `polling`, which it gives back.
        private void poll(boolean mayWait) {
            try {
                tasks = 0;
                pollIsDue = false;
                polled = true;
                int count = mayWait ? awaitAsleep() : epoll.await(0);
                epoll.tell(count, FairScheduler.this::changed);
            } finally {
                polling.set(false);
            }
        }

        private int awaitAsleep() {
            awake.decrementAndGet();
            pollerAsleep.set(true);
            try {
                return epoll.await(ready.isEmpty() ? Epoll.FOREVER : 0);
            } finally {
                pollerAsleep.set(false);
                wokenUp();
            }
        }

        private void sleep() {
            awake.decrementAndGet();
            asleep.add(this);
            if (ready.isEmpty() && polling.get()) {
                LockSupport.park(FairScheduler.this);
            }
            asleep.remove(this); // whoever woke it has done so already, unless nobody did
            wokenUp();
        }
    }

    private void wokenUp() {
        if (awake.incrementAndGet() == 1 && watchAsleep) {
            LockSupport.unpark(watch);
        }
    }

    /// A task that keeps its carrier for long, or blocks it, must not hold up those that no other was woken for.
    private void watch() {
        Runnable firstBefore = null;
        int quiet = 0;
        while (true) {
            quiet = awake.get() == 0 ? quiet + 1 : 0;
            if (quiet > QUIET_TICKS) {
                watchAsleep = true;
                if (awake.get() == 0) {
                    LockSupport.park(this);
                }
                watchAsleep = false;
            }
            LockSupport.parkNanos(this, TICK_NANOS);
            var first = ready.peek();
            boolean stuck = first != null && first == firstBefore;
            boolean deaf = !polled && !polling.get();
            if (deaf) {
                pollIsDue = true;
            }
            if (stuck || deaf) {
                wakeOne();
            }
            firstBefore = first;
            polled = false;
        }
    }
}
