package io.sallyport.agent.outbound;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Listener;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.function.Function;

/// A sandbox's door to the outside: accepts on a listener in its network namespace, so that whose connection it is
/// follows from where it was made and from nothing that is said on it.
///
/// - **Threads**: a virtual one that accepts.
/// - **Limits**: [#CONNECTIONS_PER_SECOND], and [#CONNECTIONS_AT_ONCE] after a pause; what is beyond is closed. In
///   another process the gateway costs a TLS handshake for each. And those of whoever ties the connections.
/// - **Errors**: see [Listener].
/// - **Closes**: the sandbox's owner; accepted connections belong to the [EgressDoor].
public final class Door implements Closeable {
    private static final Logger LOG = System.getLogger(Door.class.getName());
    static final int CONNECTIONS_PER_SECOND = 50;
    static final int CONNECTIONS_AT_ONCE = 200;

    private final SandboxId sandbox;
    private final Listener listener;
    private final Function<Connection, Optional<Connection>> tie;
    private final EgressDoor egress;
    private final Rate arrivals = new Rate(CONNECTIONS_PER_SECOND, CONNECTIONS_AT_ONCE, System.nanoTime());
    private final Rate complaints = new Rate(1, 1, System.nanoTime());
    private long refused;

    private Door(
            SandboxId sandbox, Listener listener, Function<Connection, Optional<Connection>> tie, EgressDoor egress) {
        this.sandbox = sandbox;
        this.listener = listener;
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
            EgressDoor egress)
            throws IOException {
        var door = new Door(sandbox, Listener.of(socket, "door of " + sandbox), tie, egress);
        door.listener.start(Thread.ofVirtual().name("door-" + sandbox), door::accepted);
        return door;
    }

    private void accepted(Connection connection) {
        if (arrivals.tryTake(System.nanoTime())) {
            tie.apply(connection).ifPresent(this::hand);
        } else {
            refuse(connection);
        }
    }

    private void refuse(Connection connection) {
        connection.close();
        refused++;
        if (complaints.tryTake(System.nanoTime())) {
            LOG.log(Level.WARNING, "door of {0}: too many connections a second, {1} closed so far", sandbox, refused);
        }
    }

    private void hand(Connection tied) {
        try {
            egress.take(sandbox, tied);
        } catch (RuntimeException | OutOfMemoryError e) {
            tied.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "door of {0}: {1}", sandbox, e.getMessage());
        }
    }
}
