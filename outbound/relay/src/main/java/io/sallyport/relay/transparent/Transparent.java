package io.sallyport.relay.transparent;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/// Takes redirected connections and gives each, with the name or address it was going to, to its tunnel.
///
/// - **Threads**: one accepts; each connection has a virtual thread.
/// - **Limits**: [#CONNECTIONS_MAX] at a time; one more is closed.
/// - **Closes**: [#close()] stops accepting; connections end with their tunnels.
public final class Transparent implements Closeable {
    private static final Logger LOG = System.getLogger(Transparent.class.getName());
    private static final int CONNECTIONS_MAX = 1024;
    private static final int BACKLOG = 1024;
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /// Where a connection goes on.
    public interface Tunnel {
        /// Serves the connection to its end and closes it.
        ///
        /// @param authority `host:port`
        /// @param scheme `https`, `http` or `tcp`
        void serve(Connection client, String authority, String scheme);
    }

    /// Where a redirected connection was going; empty where nobody redirected it.
    interface Destinations {
        Optional<InetSocketAddress> of(SocketChannel accepted) throws IOException;
    }

    private final ServerSocketChannel socket;
    private final NameTable names;
    private final Tunnel tunnel;
    private final Destinations destinations;
    private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);

    private Transparent(ServerSocketChannel socket, NameTable names, Tunnel tunnel, Destinations destinations) {
        this.socket = socket;
        this.names = names;
        this.tunnel = tunnel;
        this.destinations = destinations;
    }

    /// Binds 127.0.0.1 and starts accepting.
    public static Transparent start(int port, NameTable names, Tunnel tunnel) throws IOException {
        return start(port, names, tunnel, OriginalDestination::of);
    }

    static Transparent start(int port, NameTable names, Tunnel tunnel, Destinations destinations) throws IOException {
        var socket = ServerSocketChannel.open(StandardProtocolFamily.INET);
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(Loopback.v4(port), BACKLOG);
            var transparent = new Transparent(socket, names, tunnel, destinations);
            Thread.ofPlatform().daemon().name("transparent").start(transparent::accept);
            return transparent;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public int port() throws IOException {
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    private void accept() {
        while (socket.isOpen()) {
            try {
                hand(socket.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                LOG.log(Level.DEBUG, "accept: {0}", e.toString());
                LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
            }
        }
    }

    private void hand(SocketChannel accepted) throws IOException {
        boolean started = false;
        boolean admitted = connections.tryAcquire();
        try {
            if (admitted) {
                Thread.ofVirtual().name("redirected").start(() -> {
                    try {
                        serve(accepted);
                    } finally {
                        connections.release();
                    }
                });
                started = true;
            }
        } finally {
            if (!started) {
                if (admitted) {
                    connections.release();
                }
                cut(accepted);
            }
        }
    }

    private void serve(SocketChannel accepted) {
        try {
            var to = destinations.of(accepted);
            var host = to.flatMap(address -> host(address.getAddress()));
            if (to.isEmpty() || host.isEmpty()) {
                cut(accepted);
                return;
            }
            int port = to.get().getPort();
            var connection = SocketConnection.of(accepted);
            try (connection) {
                tunnel.serve(connection, host.get() + ":" + port, scheme(port));
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a redirected connection broke: {0}", e.toString());
            cut(accepted);
        }
    }

    /// By the name that was asked for; else by the address itself. An address that stands for no name any more
    /// leads nowhere.
    private Optional<String> host(InetAddress address) {
        var name = names.nameOf(address);
        if (name.isEmpty() && (NameTable.isSynthetic(address) || address.isLoopbackAddress())) {
            return Optional.empty();
        }
        return Optional.of(name.orElseGet(address::getHostAddress));
    }

    /// By the port, which is all that can be known before the client speaks.
    static String scheme(int port) {
        return switch (port) {
            case HTTPS -> "https";
            case HTTP -> "http";
            default -> "tcp";
        };
    }

    /// Ends a connection so that the client sees an error and not the end of a stream.
    private static void cut(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
