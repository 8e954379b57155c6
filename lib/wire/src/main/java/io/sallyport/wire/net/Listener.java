package io.sallyport.wire.net;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A bound TCP socket and the thread that accepts from it.
///
/// - **Threads**: `onConnection` is called on the accepting thread and must only hand the connection on.
/// - **Errors**: a failed accept (no file descriptors left) is logged and tried again after [#ACCEPT_PAUSE].
/// - **Closes**: [#close()] stops accepting; accepted connections belong to whoever was given them.
public final class Listener implements Closeable {
    private static final Logger LOG = System.getLogger(Listener.class.getName());
    private static final int BACKLOG = 4096;
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);

    private final ServerSocketChannel socket;
    private final InetSocketAddress address;
    private final String name;

    private Listener(ServerSocketChannel socket, InetSocketAddress address, String name) {
        this.socket = socket;
        this.address = address;
        this.name = name;
    }

    /// Takes a socket that is bound already, and closes it with itself.
    ///
    /// @param name for the log: the same address may be bound in many network namespaces
    public static Listener of(ServerSocketChannel bound, String name) throws IOException {
        return new Listener(bound, (InetSocketAddress) bound.getLocalAddress(), name);
    }

    /// Binds `address`; port 0 lets the system choose, see [#address()]. An IPv6 address takes IPv6 traffic
    /// only.
    public static Listener bind(InetSocketAddress address) throws IOException {
        boolean v4 = address.getAddress() instanceof Inet4Address;
        var socket = ServerSocketChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address, BACKLOG);
            var bound = (InetSocketAddress) socket.getLocalAddress();
            return new Listener(socket, bound, bound.toString());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Starts accepting, on a thread of its own.
    public void start(Consumer<Connection> onConnection) {
        start(Thread.ofPlatform().daemon().name("accept-" + address.getPort()), onConnection);
    }

    /// Starts accepting, on such a thread.
    public void start(Thread.Builder thread, Consumer<Connection> onConnection) {
        thread.start(() -> accept(onConnection));
    }

    public InetSocketAddress address() {
        return address;
    }

    private void accept(Consumer<Connection> onConnection) {
        while (socket.isOpen()) {
            try {
                acceptOne(onConnection);
            } catch (RuntimeException | OutOfMemoryError e) { // this connection is lost, and the listener is not
                LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
            }
        }
    }

    private void acceptOne(Consumer<Connection> onConnection) {
        try {
            SocketChannel accepted = socket.accept();
            hand(SocketConnection.of(accepted), onConnection);
        } catch (ClosedChannelException e) {
            // The loop sees it.
        } catch (IOException e) {
            LOG.log(Level.WARNING, "accept on {0}: {1}", name, e.getMessage());
            LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
        }
    }

    /// A process limit can make a thread impossible for a while. That must cost this connection and not the
    /// listener.
    private void hand(Connection connection, Consumer<Connection> onConnection) {
        try {
            onConnection.accept(connection);
        } catch (OutOfMemoryError | RuntimeException e) {
            LOG.log(Level.WARNING, "connection to {0} dropped: {1}", name, e.toString());
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
