package io.sallyport.agent.outbound;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// A sandbox's door to the outside: accepts on a listener in its network namespace, so that whose connection it is
/// follows from where it was made and from nothing that is said on it.
///
/// - **Threads**: a virtual one that accepts.
/// - **Limits**: [#CONNECTIONS_PER_SECOND], and [#CONNECTIONS_AT_ONCE] after a pause; what is beyond is closed. In
///   another process the gateway costs a TLS handshake for each. And those of whoever ties the connections.
/// - **Errors**: a failed accept (no descriptors left) is said and tried again after [#ACCEPT_PAUSE].
/// - **Closes**: the sandbox's owner; accepted connections belong to the [EgressDoor].
public final class Door implements Closeable {
    private static final Logger LOG = System.getLogger(Door.class.getName());
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);
    static final int CONNECTIONS_PER_SECOND = 50;
    static final int CONNECTIONS_AT_ONCE = 200;

    private final SandboxId sandbox;
    private final ServerSocketChannel socket;
    private final Function<Connection, Optional<Connection>> tie;
    private final EgressDoor egress;
    private final Rate arrivals = new Rate(CONNECTIONS_PER_SECOND, CONNECTIONS_AT_ONCE, System.nanoTime());
    private final Rate complaints = new Rate(1, 1, System.nanoTime());
    private long refused;

    private Door(
            SandboxId sandbox,
            ServerSocketChannel socket,
            Function<Connection, Optional<Connection>> tie,
            EgressDoor egress) {
        this.sandbox = sandbox;
        this.socket = socket;
        this.tie = tie;
        this.egress = egress;
    }

    /// Starts accepting.
    ///
    /// @param socket bound; closed with the door
    /// @param tie makes a connection end with the sandbox, or closes it and gives empty where it may not be
    static Door open(
            SandboxId sandbox,
            ServerSocketChannel socket,
            Function<Connection, Optional<Connection>> tie,
            EgressDoor egress) {
        var door = new Door(sandbox, socket, tie, egress);
        Thread.ofVirtual().name("door-" + sandbox).start(door::accept);
        return door;
    }

    private void accept() {
        while (socket.isOpen()) {
            try {
                var connection = SocketConnection.of(socket.accept());
                if (arrivals.tryTake(System.nanoTime())) {
                    tie.apply(connection).ifPresent(this::hand);
                } else {
                    refuse(connection);
                }
            } catch (ClosedChannelException e) {
                // The loop sees it.
            } catch (IOException | RuntimeException | OutOfMemoryError e) { // one connection is lost, not the door
                LOG.log(Level.WARNING, "door of {0}: {1}", sandbox, e.toString());
                LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
            }
        }
    }

    private void refuse(Connection connection) {
        connection.close();
        refused++;
        if (complaints.tryTake(System.nanoTime())) {
            LOG.log(Level.WARNING, "door of {0}: too many connections a second, {1} closed so far", sandbox, refused);
        }
    }

    private void hand(Connection connection) {
        try {
            egress.take(sandbox, connection);
        } catch (RuntimeException | OutOfMemoryError e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "door of {0}: {1}", sandbox, e.getMessage());
        }
    }
}
