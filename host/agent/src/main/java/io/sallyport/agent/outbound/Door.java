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
/// - **Limits**: those of whoever ties the connections.
/// - **Errors**: see [Listener].
/// - **Closes**: the sandbox's owner; accepted connections belong to the [EgressDoor].
public final class Door implements Closeable {
    private static final Logger LOG = System.getLogger(Door.class.getName());

    private final String name;
    private final Listener listener;

    private Door(String name, Listener listener) {
        this.name = name;
        this.listener = listener;
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
        var name = "door of " + sandbox;
        var listener = Listener.of(socket, name);
        listener.start(
                Thread.ofVirtual().name("door-" + sandbox),
                accepted -> tie.apply(accepted).ifPresent(tied -> hand(sandbox, tied, egress)));
        return new Door(name, listener);
    }

    private static void hand(SandboxId sandbox, Connection tied, EgressDoor egress) {
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
            LOG.log(Level.DEBUG, "{0}: {1}", name, e.getMessage());
        }
    }
}
