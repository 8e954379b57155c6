package io.sallyport.relay.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.tunnel.MuxStream;
import io.sallyport.wire.tunnel.StreamLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The WebSockets that tunnels of v2 share: the first is used until it is full, then there is a second.
///
/// However many ask, one connects at a time, and the others wait for what comes of it. After a failure nobody
/// connects for a while that doubles from [#PAUSE_MIN] to [#PAUSE_MAX]; whoever asks meanwhile waits for the next try,
/// and gets its failure.
///
/// - **Threads**: any.
/// - **Limits**: [#SESSIONS_MAX].
final class MuxPool {
    private static final int SESSIONS_MAX = 8;
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(3);

    private final Connector connector;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // With the lock:
    private final List<MuxSession> sessions = new ArrayList<>();
    private boolean connecting;
    private boolean closed;
    private boolean notSpoken;
    private long failures;
    private IOException failure = new IOException("nothing was tried");
    private long pauseNanos;
    private long notBeforeNanos = System.nanoTime();

    MuxPool(Connector connector) {
        this.connector = connector;
    }

    interface Connector {
        /// A new session; null where the gateway has none.
        @Nullable
        MuxSession connect(Deadline deadline) throws IOException;
    }

    /// A new stream; null where the gateway has no sessions.
    @Nullable
    MuxStream open(Deadline deadline) throws IOException {
        while (true) {
            var session = session(deadline);
            if (session == null) {
                return null;
            }
            try {
                return session.open();
            } catch (StreamLimitException e) {
                // Others were faster.
            } catch (IOException e) {
                if (session.isOpen()) {
                    throw e;
                }
            }
        }
    }

    private @Nullable MuxSession session(Deadline deadline) throws IOException {
        lock.lock();
        try {
            long seen = failures;
            while (true) {
                if (closed) {
                    throw new IOException("the relay is stopping");
                }
                var ready = ready();
                if (ready != null) {
                    return ready;
                }
                if (failures > seen) {
                    throw failure;
                }
                long wait = notBeforeNanos - System.nanoTime();
                if (!connecting && wait <= 0) {
                    break;
                }
                await(connecting ? deadline : deadline.earlier(Deadline.after(Duration.ofNanos(wait))), deadline);
                if (notSpoken) {
                    return null;
                }
            }
            if (sessions.size() >= SESSIONS_MAX) {
                throw new StreamLimitException();
            }
            connecting = true;
            notSpoken = false;
        } finally {
            lock.unlock();
        }
        return connect(deadline);
    }

    /// A session that takes a stream; null where there is none. Dead ones are dropped.
    private @Nullable MuxSession ready() {
        sessions.removeIf(session -> !session.isOpen());
        for (var session : sessions) {
            if (session.streams() < MuxSession.STREAMS_MAX) {
                return session;
            }
        }
        return null;
    }

    @SuppressWarnings("WaitNotInLoop") // the caller is one
    private void await(Deadline until, Deadline deadline) throws IOException {
        try {
            var _ = changed.awaitNanos(Math.max(1, until.remaining().toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (deadline.passed()) {
            throw new DeadlinePassedException();
        }
    }

    private @Nullable MuxSession connect(Deadline deadline) throws IOException {
        MuxSession made = null;
        IOException failed = new IOException("the gateway cannot be reached");
        boolean done = false;
        try {
            made = connector.connect(deadline);
            done = true;
            return made;
        } catch (IOException e) {
            failed = e;
            throw e;
        } finally {
            finished(made, done ? null : failed);
        }
    }

    private void finished(@Nullable MuxSession made, @Nullable IOException failed) {
        boolean late;
        lock.lock();
        try {
            connecting = false;
            late = closed;
            if (failed != null) {
                failures++;
                failure = failed;
                pauseNanos = Math.clamp(2 * pauseNanos, PAUSE_MIN.toNanos(), PAUSE_MAX.toNanos());
                long jitter = ThreadLocalRandom.current().nextLong(pauseNanos / 2);
                notBeforeNanos = System.nanoTime() + pauseNanos / 2 + jitter;
            } else {
                pauseNanos = 0;
                notSpoken = made == null;
                if (made != null && !late) {
                    sessions.add(made);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (made != null && late) {
            made.close();
        }
    }

    Tunnels.State state(String protocol) {
        lock.lock();
        try {
            sessions.removeIf(session -> !session.isOpen());
            int streams = sessions.stream().mapToInt(MuxSession::streams).sum();
            return new Tunnels.State(protocol, sessions.size(), streams);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<MuxSession> open;
        lock.lock();
        try {
            closed = true;
            open = List.copyOf(sessions);
            sessions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        open.forEach(MuxSession::close);
    }
}
