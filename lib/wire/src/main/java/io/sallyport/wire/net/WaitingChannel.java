package io.sallyport.wire.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A socket that each kind of thread waits for as suits it.
///
/// ```
///   UNDECIDED ──a thread of FairThreads──▶ EVENTED ──any other thread reads, ──▶ BLOCKING
///       │                                            or would wait to write          ▲
///       └───────────────────────────any other thread────────────────────────────────┘
/// ```
///
/// Evented, its threads wait for what their scheduler hears from the kernel, which costs no thread a switch. Blocking,
/// the kernel wakes a platform thread itself, and the JDK a virtual one. There is no way back: one thread may be
/// inside the kernel with this socket, and for as long as that takes its mode cannot be changed.
///
/// - **Threads**: one reads while another writes; `close` from any.
final class WaitingChannel implements Closeable {
    private enum Mode {
        UNDECIDED,
        EVENTED,
        BLOCKING
    }

    private final SocketChannel channel;
    private final Readiness input = new Readiness();
    private final Readiness output = new Readiness();

    /// So that the number of the socket is not another's by the time it is used.
    private final ReentrantLock lock = new ReentrantLock();

    // Changed with the lock:
    private volatile Mode mode = Mode.UNDECIDED;
    private volatile boolean joined;
    private @Nullable FairScheduler scheduler;
    private long key;

    /// One for a channel in blocking mode that nobody has used yet.
    WaitingChannel(SocketChannel channel) {
        this.channel = channel;
    }

    void connect(SocketAddress to) throws IOException {
        if (!evented()) {
            channel.connect(to);
        } else if (!channel.connect(to)) {
            output.clear();
            join();
            do {
                await(output);
                output.clear();
            } while (!channel.finishConnect());
        }
    }

    int read(ByteBuffer into) throws IOException {
        return evented() ? readEvented(into) : channel.read(into);
    }

    private int readEvented(ByteBuffer into) throws IOException {
        while (true) {
            await(input);
            if (joined) {
                input.clear();
            }
            int n = channel.read(into);
            if (n != 0 || !into.hasRemaining()) {
                if (!into.hasRemaining()) {
                    input.set(); // there may be more
                }
                return n;
            }
            join();
        }
    }

    /// As a thread that is interrupted in a channel that blocks.
    private void await(Readiness direction) throws IOException {
        direction.await();
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    /// Reads without waiting. Nobody else may read meanwhile.
    int readNow(ByteBuffer into) throws IOException {
        lock.lock();
        try {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            if (mode == Mode.EVENTED) {
                return channel.read(into);
            }
            if (!Epoll.isReadable(Jdk.number(channel))) {
                return 0;
            }
        } finally {
            lock.unlock();
        }
        return channel.read(into);
    }

    void write(ByteBuffer from) throws IOException {
        if (mode == Mode.EVENTED || evented()) {
            writeEvented(from);
        }
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }

    /// Leaves something over when the channel blocks from now on.
    private void writeEvented(ByteBuffer from) throws IOException {
        while (mode == Mode.EVENTED) {
            output.clear();
            channel.write(from);
            if (!from.hasRemaining()) {
                return;
            }
            if (evented()) {
                join();
                await(output);
            }
        }
    }

    /// Whether the calling thread is to wait as one of [FairThreads]; decides it where that is open.
    private boolean evented() throws IOException {
        if (mode == Mode.BLOCKING) {
            return false;
        }
        var own = FairThreads.schedulerOfThisThread();
        if (own != null && mode == Mode.EVENTED) {
            return true;
        }
        lock.lock();
        try {
            if (own == null) {
                block();
            } else if (mode == Mode.UNDECIDED) {
                channel.configureBlocking(false);
                scheduler = own;
                mode = Mode.EVENTED;
            }
            return mode == Mode.EVENTED;
        } finally {
            lock.unlock();
        }
    }

    /// Whoever waits goes on, and waits as the JDK has it. With the lock.
    private void block() throws IOException {
        try {
            if (scheduler != null && joined) {
                scheduler.remove(key, Jdk.number(channel)); // first: while the channel blocks, others may close it
            }
            if (mode == Mode.EVENTED) {
                channel.configureBlocking(true);
            }
            mode = Mode.BLOCKING;
        } catch (IOException e) {
            close(); // else who waited would try for ever
            throw e;
        }
        endWaiting();
    }

    /// From now on the scheduler says what changes, beginning with what the socket is ready for already.
    private void join() throws IOException {
        if (joined) {
            return;
        }
        lock.lock();
        try {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            if (scheduler != null && !joined && mode == Mode.EVENTED) {
                input.clear();
                key = scheduler.add(this, Jdk.number(channel));
                joined = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /// What the scheduler has heard.
    ///
    /// @param ended there will be no more to read than there is
    void changed(boolean readable, boolean writable, boolean ended) {
        if (ended) {
            input.setForGood();
        } else if (readable) {
            input.set();
        }
        if (writable) {
            output.set();
        }
    }

    private void endWaiting() {
        input.setForGood();
        output.setForGood();
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            channel.close();
        } finally {
            if (scheduler != null && joined) {
                scheduler.forget(key);
            }
            endWaiting();
            lock.unlock();
        }
    }
}
