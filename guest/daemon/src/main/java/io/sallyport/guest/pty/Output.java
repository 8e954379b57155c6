package io.sallyport.guest.pty;

import io.sallyport.guest.Ring;
import io.sallyport.rpc.terminal.TerminalApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What has come out of a terminal, byte by byte numbered, and those who look at it.
///
/// ```
///   0 … oldest ─────────────── kept ─────────────── written
///            acked ── on the way ── next ── waits ──┘          of a viewer
/// ```
///
/// While the slowest of those that count is a window behind, no more output is taken, and the program waits.
///
/// - **Threads**: any.
/// - **Limits**: what is kept, at least a window; a window of [TerminalApi#WINDOW_BYTES]; who acknowledges nothing for
///   [#STALL_MAX] does not count until it goes on; a place whose viewer was cut off is kept for [#PLACE_KEPT].
public final class Output {
    private static final Duration STALL_MAX = Duration.ofSeconds(30);
    private static final Duration PLACE_KEPT = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long COALESCE_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final int EAGER_BYTES = 1 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Ring ring;
    private final List<Viewer> viewers = new ArrayList<>();
    private final List<Viewer> places = new ArrayList<>(); // of viewers that were cut off
    private boolean ended;
    private boolean forgotten;

    /// @param keptBytes how much is kept for those who come later; at least a window
    Output(int keptBytes) {
        this.ring = new Ring(keptBytes);
    }

    /// What a viewer gets.
    public sealed interface Piece {
        /// Output, from a number on.
        record Bytes(long from, byte[] bytes) implements Piece {}

        /// Output that this viewer does not get.
        record Gap(long from, long to, String reason) implements Piece {}

        /// There is nothing now.
        record Nothing() implements Piece {}

        /// There will be nothing more.
        record End() implements Piece {}
    }

    /// Takes output over; waits while those who look are too far behind.
    void append(byte[] bytes, int length) {
        lock.lock();
        try {
            while (behind(length)) {
                room.awaitNanos(LOOK_NANOS);
            }
            long now = System.nanoTime();
            viewers.forEach(viewer -> viewer.noticeIfWasEven(now));
            ring.append(bytes, 0, length);
            viewers.forEach(Viewer::wakeIfDue);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the reader of a terminal", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean behind(int more) {
        long now = System.nanoTime();
        places.removeIf(place -> now - place.progressNanos > PLACE_KEPT.toNanos());
        long farthest = ring.written() + more - TerminalApi.WINDOW_BYTES;
        return places.stream().anyMatch(place -> place.acked < farthest)
                || viewers.stream().anyMatch(viewer -> viewer.counts(now) && viewer.acked < farthest);
    }

    /// There will be no more output.
    void end() {
        lock.lock();
        try {
            ended = true;
            viewers.forEach(viewer -> viewer.more.signalAll());
        } finally {
            lock.unlock();
        }
    }

    /// Nothing need be kept any more for those who come later. Those who are here still get all.
    public void forget() {
        lock.lock();
        try {
            forgotten = true;
            closeUnneeded();
        } finally {
            lock.unlock();
        }
    }

    private void closeUnneeded() {
        if (forgotten && viewers.isEmpty()) {
            ring.close();
        }
    }

    public long written() {
        lock.lock();
        try {
            return ring.written();
        } finally {
            lock.unlock();
        }
    }

    public long oldest() {
        lock.lock();
        try {
            return ring.oldest();
        } finally {
            lock.unlock();
        }
    }

    public int viewers() {
        lock.lock();
        try {
            return viewers.size();
        } finally {
            lock.unlock();
        }
    }

    /// From where on a viewer wants to look.
    public enum From {
        OLDEST,
        NOW
    }

    /// A viewer; it must leave.
    ///
    /// @param waitedFor whether the terminal waits for it when it is slow
    public Viewer view(From from, boolean waitedFor) {
        lock.lock();
        try {
            return viewAt(from == From.NOW ? ring.written() : ring.oldest(), waitedFor);
        } finally {
            lock.unlock();
        }
    }

    /// A viewer that has all before `since`, which is not later than what was written. It takes the place of
    /// one
    /// that was cut off.
    public Viewer view(long since, boolean waitedFor) {
        lock.lock();
        try {
            if (waitedFor && !places.isEmpty()) {
                places.removeFirst();
            }
            return viewAt(Math.min(since, ring.written()), waitedFor);
        } finally {
            lock.unlock();
        }
    }

    private Viewer viewAt(long next, boolean waitedFor) {
        var viewer = new Viewer(next, waitedFor);
        viewers.add(viewer);
        room.signalAll();
        return viewer;
    }

    /// One that looks.
    public final class Viewer {
        private final boolean waitedFor;
        private final Condition more = lock.newCondition();
        private long next;
        private long acked;
        private long progressNanos = System.nanoTime();
        private long sentNanos;
        private int sentBytes;
        private long wakeAt; // how much must be written for this viewer to be woken
        private boolean nudged;

        private Viewer(long next, boolean waitedFor) {
            this.next = next;
            this.acked = next;
            this.waitedFor = waitedFor;
        }

        private boolean counts(long now) {
            return waitedFor && now - progressNanos < STALL_MAX.toNanos();
        }

        private void noticeIfWasEven(long now) {
            if (acked == ring.written()) {
                progressNanos = now;
            }
        }

        private void wakeIfDue() {
            if (ring.written() >= wakeAt) {
                more.signal();
            }
        }

        /// The number of the next byte it gets.
        public long next() {
            lock.lock();
            try {
                return next;
            } finally {
                lock.unlock();
            }
        }

        /// The next piece, of at most `bytesMax`; waits for `wait` where there is none, or until it is nudged.
        public Piece take(int bytesMax, Duration wait) {
            lock.lock();
            try {
                long deadline = System.nanoTime() + wait.toNanos();
                while (true) {
                    if (next < ring.oldest()) {
                        return skipTo(ring.oldest(), "overwritten");
                    }
                    long now = System.nanoTime();
                    long waiting = ring.written() - next;
                    long sendable = Math.min(waiting, TerminalApi.WINDOW_BYTES - (next - acked));
                    long holdUntil = sentBytes > EAGER_BYTES ? sentNanos + COALESCE_NANOS : now;
                    if (sendable >= bytesMax || (sendable > 0 && (ended || now - holdUntil >= 0))) {
                        return bytes((int) Math.min(sendable, bytesMax), now);
                    }
                    if (ended && waiting == 0) {
                        return new Piece.End();
                    }
                    long left = Math.min(deadline, sendable > 0 ? holdUntil : deadline) - now;
                    if (nudged || deadline - now <= 0) {
                        nudged = false;
                        return new Piece.Nothing();
                    }
                    wakeAt = sendable > 0 ? next + bytesMax : next + 1;
                    long _ = more.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Piece.Nothing();
            } finally {
                lock.unlock();
            }
        }

        private Piece bytes(int length, long now) {
            var piece = new Piece.Bytes(next, ring.copy(next, length));
            next += length;
            sentNanos = now;
            sentBytes = length;
            return piece;
        }

        private Piece.Gap skipTo(long to, String reason) {
            var gap = new Piece.Gap(next, to, reason);
            next = to;
            acked = to;
            room.signalAll();
            return gap;
        }

        /// All before `upTo` has been dealt with; false where that was not sent yet.
        public boolean ack(long upTo) {
            lock.lock();
            try {
                if (upTo > next) {
                    return false;
                }
                if (upTo > acked) {
                    acked = upTo;
                    progressNanos = System.nanoTime();
                    room.signalAll();
                    more.signal();
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        /// Leaves out what was not sent yet.
        public Piece.Gap discard() {
            lock.lock();
            try {
                return skipTo(ring.written(), "discarded");
            } finally {
                lock.unlock();
            }
        }

        /// Lets a waiting [#take] return.
        public void nudge() {
            lock.lock();
            try {
                nudged = true;
                more.signal();
            } finally {
                lock.unlock();
            }
        }

        /// Looks no more.
        ///
        /// @param comesBack whether its place is kept for a while
        public void leave(boolean comesBack) {
            lock.lock();
            try {
                if (viewers.remove(this) && comesBack && waitedFor) {
                    progressNanos = System.nanoTime();
                    places.add(this);
                }
                closeUnneeded();
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
