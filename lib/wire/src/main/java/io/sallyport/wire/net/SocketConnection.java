package io.sallyport.wire.net;

import io.sallyport.kit.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A TCP connection; for how its threads wait see [WaitingChannel].
public final class SocketConnection implements Connection {
    private final SocketChannel channel;
    private final WaitingChannel waiting;
    private volatile Deadline deadline = Deadline.NEVER;
    private volatile boolean expired;
    private volatile @Nullable String peer;

    private SocketConnection(SocketChannel channel) {
        this.channel = channel;
        this.waiting = new WaitingChannel(channel);
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
            connection.waiting.connect(to);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            connection.deadline(Deadline.NEVER);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw connection.reason(e);
        } catch (RuntimeException e) { // an address that is none
            connection.close();
            throw e;
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return read(ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        try {
            int n = waiting.read(into);
            if (n < 0 && expired) {
                throw new DeadlinePassedException();
            }
            return n;
        } catch (IOException e) {
            throw reason(e);
        }
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        try {
            return waiting.readNow(ByteBuffer.wrap(into, offset, length));
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
            waiting.write(from);
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
        try {
            waiting.close();
        } catch (IOException e) {
            // Nothing is left to release, and the peer learns of it from the reset.
        }
    }
}
