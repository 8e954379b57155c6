package io.sallyport.wire.net;

import io.sallyport.kit.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A TCP connection in blocking mode: parks a virtual thread, blocks a platform thread.
public final class SocketConnection implements Connection {
    private enum Mode {
        NEW,
        EVENTED,
        BLOCKING
    }

    private final SocketChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Readiness readiness = new Readiness();
    private volatile Mode mode = Mode.NEW;
    private volatile boolean joined;
    private @Nullable FairScheduler scheduler;
    private volatile Deadline deadline = Deadline.NEVER;
    private volatile boolean expired;
    private volatile @Nullable String peer;

    private SocketConnection(SocketChannel channel) {
        this.channel = channel;
        Sweeper.add(this);
    }

    /// Takes over a connected channel; from now on it is closed here.
    public static SocketConnection of(SocketChannel connected) throws IOException {
        connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connected.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return new SocketConnection(connected);
    }

    /// Connects `channel`, which is closed when that fails or takes longer than `deadline`. The deadline is
    /// lifted afterwards.
    public static SocketConnection connect(SocketChannel channel, SocketAddress to, Deadline deadline)
            throws IOException {
        var connection = new SocketConnection(channel);
        connection.deadline(deadline);
        try {
            if (connection.evented(true)) {
                if (!channel.connect(to)) {
                    connection.readiness.writable = false;
                    connection.join();
                    do {
                        connection.readiness.awaitWritable();
                        connection.readiness.writable = false;
                    } while (!channel.finishConnect());
                }
            } else {
                channel.connect(to);
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            connection.deadline(Deadline.NEVER);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw connection.reason(e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return read(ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        try {
            int n = evented(true) ? readEvented(into) : channel.read(into);
            if (n < 0 && expired) {
                throw new DeadlinePassedException();
            }
            return n;
        } catch (IOException e) {
            throw reason(e);
        }
    }

    private int readEvented(ByteBuffer into) throws IOException {
        while (true) {
            if (joined && !readiness.readable && !readiness.ended) {
                readiness.awaitReadable();
            }
            readiness.readable = false;
            int n = channel.read(into);
            if (n != 0 || !into.hasRemaining()) {
                if (!into.hasRemaining()) {
                    readiness.readable = true;
                }
                return n;
            }
            join();
        }
    }

    private void writeEvented(ByteBuffer from) throws IOException {
        while (true) {
            readiness.writable = false;
            channel.write(from);
            if (!from.hasRemaining()) {
                readiness.writable = true;
                return;
            }
            if (Thread.currentThread().isVirtual()) {
                join();
                readiness.awaitWritable();
            } else {
                settle(null);
            }
        }
    }

    /// Joins the sockets that the scheduler waits for, which says again what this one is ready for.
    private void join() throws IOException {
        lock.lock();
        try {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            if (!joined && mode == Mode.EVENTED) {
                joined = true;
                scheduler.add(FairThreads.number(channel), readiness);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean evented(boolean reading) throws IOException {
        var now = mode;
        if (now == Mode.BLOCKING) {
            return false;
        }
        var own = FairThreads.current();
        if (now == Mode.EVENTED && (own != null || !reading)) {
            return true;
        }
        return settle(own);
    }

    private boolean settle(@Nullable FairScheduler own) throws IOException {
        lock.lock();
        try {
            if (mode == Mode.NEW) {
                if (own == null) {
                    mode = Mode.BLOCKING;
                } else {
                    channel.configureBlocking(false);
                    scheduler = own;
                    mode = Mode.EVENTED;
                }
            } else if (mode == Mode.EVENTED && own == null) {
                mode = Mode.BLOCKING;
                channel.configureBlocking(true);
                if (joined) {
                    scheduler.remove(FairThreads.number(channel), readiness);
                    readiness.end();
                }
            }
            return mode == Mode.EVENTED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        try {
            if (mode == Mode.EVENTED) {
                readiness.readable = true;
                return channel.read(ByteBuffer.wrap(into, offset, length));
            }
            channel.configureBlocking(false);
            try {
                return channel.read(ByteBuffer.wrap(into, offset, length));
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            throw reason(e);
        }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        write(ByteBuffer.wrap(from, offset, length));
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        try {
            if (evented(false)) {
                writeEvented(from);
                return;
            }
            while (from.hasRemaining()) {
                channel.write(from);
            }
        } catch (IOException e) {
            throw reason(e);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw reason(e);
        }
    }

    @Override
    public void deadline(Deadline deadline) {
        this.deadline = deadline;
        Sweeper.notice(deadline);
    }

    Deadline deadline() {
        return deadline;
    }

    void expire() {
        expired = true;
        close();
    }

    private IOException reason(IOException e) {
        // How a close shows to a thread that is reading differs with the kind of thread and the moment.
        return expired && !(e instanceof DeadlinePassedException) ? new DeadlinePassedException() : e;
    }

    @Override
    public String peerAddress() {
        var known = peer;
        if (known == null) {
            known = findPeer();
            peer = known;
        }
        return known;
    }

    private String findPeer() {
        try {
            return channel.getRemoteAddress() instanceof InetSocketAddress a && a.getAddress() != null
                    ? a.getAddress().getHostAddress()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close();
    }

    @Override
    public void close() {
        Sweeper.remove(this);
        lock.lock();
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to release, and the peer learns of it from the reset.
        } finally {
            lock.unlock();
        }
        if (joined) {
            scheduler.forget(readiness);
            readiness.end();
        }
    }
}
