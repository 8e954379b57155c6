package io.sallyport.cli;

import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.wire.websocket.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Input on its way into a terminal: what was read and not sent, and how much of what was sent is not `taken`.
///
/// ```
///   stdin ─▶ put ─▶ queue, at most BYTES_MAX ─▶ next ─▶ sent, at most WINDOW_BYTES ─▶ taken
/// ```
///
/// What was not sent when a connection breaks goes into the next one. What was sent and not taken is not sent
/// again: it may have arrived.
///
/// - **Threads**: any. [#put] and [#next()] wait.
/// - **Limits**: [#BYTES_MAX], [TerminalApi#WINDOW_BYTES], pieces of [TerminalApi#MESSAGE_BYTES_MAX].
/// - **Closes**: [#close()] wakes whoever waits; it closes no connection.
final class InputQueue implements AutoCloseable {
    static final int BYTES_MAX = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[BYTES_MAX];
    private long put;
    private long gone;
    private long written;
    private @Nullable WebSocket to;
    private long sent; // on this connection
    private long taken;
    private boolean closed;

    /// What is to be sent next, and where.
    record Piece(WebSocket to, byte[] bytes) {}

    /// Adds input, and waits for room as long as it takes.
    void put(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            int done = 0;
            while (done < length && !closed) {
                int room = (int) (BYTES_MAX - (put - gone));
                int at = (int) (put % BYTES_MAX);
                int n = Math.min(Math.min(room, BYTES_MAX - at), length - done);
                if (n == 0) {
                    changed.awaitUninterruptibly();
                    continue;
                }
                System.arraycopy(bytes, offset + done, ring, at, n);
                put += n;
                done += n;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a piece that may be sent now, which counts as sent. Empty when closed.
    Optional<Piece> next() {
        lock.lock();
        try {
            while (!closed) {
                int at = (int) (gone % BYTES_MAX);
                long window = TerminalApi.WINDOW_BYTES - (sent - taken);
                int n = (int)
                        Math.min(Math.min(put - gone, BYTES_MAX - at), Math.min(window, TerminalApi.MESSAGE_BYTES_MAX));
                if (to != null && n > 0) {
                    var bytes = new byte[n];
                    System.arraycopy(ring, at, bytes, 0, n);
                    gone += n;
                    sent += n;
                    changed.signalAll();
                    return Optional.of(new Piece(to, bytes));
                }
                changed.awaitUninterruptibly();
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// From now on input goes there, where nothing has been taken yet.
    void attached(WebSocket socket) {
        lock.lock();
        try {
            to = socket;
            sent = 0;
            taken = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// So many bytes of what [#next()] gave are on the wire, or lost with their connection.
    void written(int bytes) {
        lock.lock();
        try {
            written += bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all that was put has been written, or cannot be, at most for `wait`.
    void awaitWritten(Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (to != null && written < put && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// So many bytes of this connection are in the terminal.
    void taken(long upTo) {
        lock.lock();
        try {
            taken = Math.clamp(upTo, taken, sent);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The connection broke; gives the number of bytes of which nobody knows whether they arrived.
    long broken() {
        lock.lock();
        try {
            long unknown = to == null ? 0 : sent - taken;
            to = null;
            return unknown;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
