package io.sallyport.wire.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.websocket.WebSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/// Sends the frames of one session: streams take turns frame by frame, and the session's own go before.
///
/// - **Threads**: any.
/// - **Limits**: [#OWN_MAX] frames of the session that wait; a stream waits with its bytes in its caller's hands.
final class Outbox {
    private static final int OWN_MAX = 1_024;
    private static final byte[] NOTHING = {};

    private final WebSocket socket;
    private final ReentrantLock turn = new ReentrantLock(true); // first come, first served: that makes it round robin
    private final Queue<byte[]> own = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ownCount = new AtomicInteger();
    private final AtomicBoolean flushing = new AtomicBoolean();

    Outbox(WebSocket socket) {
        this.socket = socket;
    }

    /// Sends a frame of a stream, and waits for its turn until the deadline at most.
    void send(byte[] head, byte[] payload, int offset, int length, Deadline deadline) throws IOException {
        try {
            if (!turn.tryLock(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS)) {
                throw new DeadlinePassedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e); // nothing of the frame was sent
        }
        try {
            socket.sendBinaries(own(), head, payload, offset, length);
        } catch (IOException e) {
            socket.close(); // whoever receives finds it
            throw e;
        } finally {
            turn.unlock();
        }
    }

    /// Sends a frame of the session soon, without waiting for the peer to read.
    ///
    /// @return false when the peer makes us say more than it reads
    boolean post(byte[] frame) {
        if (ownCount.incrementAndGet() > OWN_MAX) {
            return false;
        }
        own.add(frame);
        if (flushing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("tunnel-answers").start(this::flush);
        }
        return true;
    }

    private void flush() {
        turn.lock();
        try {
            flushing.set(false); // what is posted from now on may come too late for this one
            var frames = own();
            if (!frames.isEmpty()) {
                var last = frames.removeLast();
                socket.sendBinaries(frames, NOTHING, last, 0, last.length);
            }
        } catch (IOException e) {
            socket.close(); // whoever receives finds it
        } finally {
            turn.unlock();
        }
    }

    private List<byte[]> own() {
        var frames = new ArrayList<byte[]>();
        for (var frame = own.poll(); frame != null; frame = own.poll()) {
            ownCount.decrementAndGet();
            frames.add(frame);
        }
        return frames;
    }
}
