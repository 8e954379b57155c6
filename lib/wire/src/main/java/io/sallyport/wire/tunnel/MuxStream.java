package io.sallyport.wire.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One of the streams of a [MuxSession].
///
/// What came before a stream was broken off, or its session ended, is still read; then the reader learns of it.
///
/// - **Threads**: as [Connection] says.
/// - **Limits**: at most the window is kept that nobody has read, which is [MuxSession#WINDOW_BYTES] or grows to it; a
///   writer waits for as much room at the peer.
/// - **Errors**: [StreamResetException] when the peer broke it off; an [IOException] when the session ended, or the
///   peer can have left something out.
/// - **Closes**: [#close()] tells the peer that the stream is broken off, unless both sides have ended it before.
///   A deadline is looked at when somebody reads or writes.
public final class MuxStream implements Connection {
    private static final byte[] NOTHING = {};

    private final MuxSession session;
    private final int id;
    private final MuxBudget budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Deadline deadline = Deadline.NEVER;

    // With the lock:
    private final ByteRing received = new ByteRing();
    private int sendCredit;
    private int window; // is what the peer may send, what nobody has read, and what it has not been told was read:
    private int receiveCredit;
    private int unacknowledged;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean closed;
    private @Nullable IOException broken;

    private MuxStream(MuxSession session, int id, int sendCredit, int window, MuxBudget budget) {
        this.session = session;
        this.id = id;
        this.sendCredit = sendCredit;
        this.window = window;
        this.receiveCredit = window;
        this.budget = budget;
    }

    /// The client's end of a stream.
    static MuxStream opened(MuxSession session, int id) {
        var none = new MuxBudget(0); // its window is the largest from the beginning
        return new MuxStream(session, id, MuxSession.FIRST_WINDOW_BYTES, MuxSession.WINDOW_BYTES, none);
    }

    /// The server's end of a stream, whose first window has been taken from the budget.
    static MuxStream accepted(MuxSession session, int id, MuxBudget budget) {
        return new MuxStream(session, id, MuxSession.WINDOW_BYTES, MuxSession.FIRST_WINDOW_BYTES, budget);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int n;
        int credit;
        lock.lock();
        try {
            while (!readable()) {
                await();
            }
            n = takeNow(into, offset, length);
            credit = credit();
        } finally {
            lock.unlock();
        }
        acknowledge(credit);
        return n;
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        int n;
        int credit;
        lock.lock();
        try {
            if (!readable()) {
                return 0;
            }
            n = takeNow(into, offset, length);
            credit = credit();
        } finally {
            lock.unlock();
        }
        acknowledge(credit);
        return n;
    }

    /// Whether there is something to read, or the end. With the lock.
    private boolean readable() throws IOException {
        if (deadline.passed()) {
            expire();
        }
        if (closed) {
            throw ended();
        }
        if (received.size() > 0 || inputEnded) {
            return true;
        }
        if (broken != null) {
            throw ended();
        }
        return false;
    }

    private int takeNow(byte[] into, int offset, int length) {
        if (received.size() == 0) {
            return -1;
        }
        int n = received.take(into, offset, length);
        unacknowledged += n;
        return n;
    }

    /// What the peer is to be told that it may send more; 0 for nothing yet. With the lock.
    private int credit() {
        if (unacknowledged < window / 2 || inputEnded || broken != null) {
            return 0;
        }
        int credit = unacknowledged;
        unacknowledged = 0;
        if (window < MuxSession.WINDOW_BYTES && budget.tryGrow(window)) {
            credit += window;
            window *= 2;
        }
        receiveCredit += credit;
        return credit;
    }

    private void acknowledge(int credit) {
        if (credit > 0) {
            session.post(new Frame.Credit(id, credit));
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (into.hasArray()) {
            int n = read(into.array(), into.arrayOffset() + into.position(), into.remaining());
            into.position(into.position() + Math.max(0, n));
            return n;
        }
        var bytes = new byte[Math.min(into.remaining(), MuxSession.WINDOW_BYTES)];
        int n = read(bytes, 0, bytes.length);
        into.put(bytes, 0, Math.max(0, n));
        return n;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int sent = 0;
        while (sent < length) {
            int piece = reserve(Math.min(length - sent, Frame.DATA_BYTES_MAX));
            send(Frame.Type.DATA, from, offset + sent, piece);
            sent += piece;
        }
    }

    /// Waits until the peer takes at least one byte, and says how many of `wanted`.
    private int reserve(int wanted) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (closed || broken != null) {
                    throw ended();
                }
                if (outputEnded) {
                    throw new IOException("this side's stream has ended");
                }
                if (deadline.passed()) {
                    expire();
                    throw ended();
                }
                if (sendCredit > 0) {
                    int n = Math.min(wanted, sendCredit);
                    sendCredit -= n;
                    return n;
                }
                await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(byte type, byte[] payload, int offset, int length) throws IOException {
        try {
            session.send(Frame.head(type, id), payload, offset, length, deadline);
        } catch (DeadlinePassedException e) {
            lock.lock();
            try {
                expire();
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        if (from.hasArray()) {
            write(from.array(), from.arrayOffset() + from.position(), from.remaining());
            from.position(from.limit());
            return;
        }
        var bytes = new byte[Math.min(from.remaining(), Frame.DATA_BYTES_MAX)];
        while (from.hasRemaining()) {
            int n = Math.min(from.remaining(), bytes.length);
            from.get(bytes, 0, n);
            write(bytes, 0, n);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        lock.lock();
        try {
            if (closed || broken != null) {
                throw ended();
            }
            if (outputEnded) {
                return;
            }
            outputEnded = true;
        } finally {
            lock.unlock();
        }
        send(Frame.Type.FIN, NOTHING, 0, 0);
    }

    /// Waits for a change, until the deadline. With the lock.
    @SuppressWarnings("WaitNotInLoop") // every caller is one
    private void await() throws IOException {
        var until = deadline;
        if (until.passed()) {
            expire();
            throw ended();
        }
        try {
            var _ = changed.await(until.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void expire() {
        if (!closed) {
            broken = new DeadlinePassedException();
            end("deadline passed");
        }
    }

    /// Why nothing goes on. A new exception each time: several threads may throw it. With the lock.
    private IOException ended() {
        return switch (broken) {
            case null -> new ClosedChannelException();
            case DeadlinePassedException late -> new DeadlinePassedException();
            case StreamResetException reset -> new StreamResetException(reset.reason());
            case IOException e -> new IOException(e.getMessage(), e);
        };
    }

    @Override
    public void deadline(Deadline replaced) {
        var before = deadline;
        deadline = replaced;
        if (replaced.finite() && replaced.earlier(before).equals(replaced)) {
            signal(); // who waits, waits for the later one
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String peerAddress() {
        return "";
    }

    @Override
    public void close() {
        reset("closed");
    }

    /// Closes the stream and tells the peer why.
    ///
    /// @param reason printable ASCII, cut at [Frame#REASON_BYTES_MAX] bytes
    public void reset(String reason) {
        lock.lock();
        try {
            if (!closed) {
                end(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends our side for good. With the lock.
    private void end(String reason) {
        closed = true;
        received.clear();
        budget.giveBack(window);
        changed.signalAll();
        boolean told = broken instanceof StreamResetException || (broken == null && inputEnded && outputEnded);
        session.closed(id, told ? null : reason);
    }

    // What the session's thread calls, and which never waits:

    /// Takes bytes of the peer; what is wrong with them, or null.
    @Nullable
    String data(byte[] message, int offset, int length) {
        lock.lock();
        try {
            if (inputEnded) {
                return "DATA behind FIN";
            }
            if (length > receiveCredit) {
                return "DATA beyond the window";
            }
            receiveCredit -= length;
            if (!closed && broken == null) {
                received.put(message, offset, length);
                changed.signalAll();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    String creditGiven(int bytes) {
        lock.lock();
        try {
            if (bytes > MuxSession.WINDOW_BYTES - sendCredit) {
                return "CREDIT beyond the window";
            }
            sendCredit += bytes;
            changed.signalAll();
            return null;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    String fin() {
        lock.lock();
        try {
            if (inputEnded) {
                return "a second FIN";
            }
            inputEnded = true;
            changed.signalAll();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// The peer, or the session's end, breaks it off.
    void breakOff(IOException why) {
        lock.lock();
        try {
            if (broken == null) {
                broken = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
