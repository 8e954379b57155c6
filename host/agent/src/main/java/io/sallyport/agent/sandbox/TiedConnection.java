package io.sallyport.agent.sandbox;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.ForwardingConnection;
import java.util.Set;

/// A connection into a sandbox that is in the sandbox's set for as long as it is open.
final class TiedConnection extends ForwardingConnection {
    private final Set<Connection> open;

    TiedConnection(Connection connection, Set<Connection> open) {
        super(connection);
        this.open = open;
        open.add(this);
    }

    @Override
    public void reset() {
        open.remove(this);
        connection.reset();
    }

    @Override
    public void close() {
        open.remove(this);
        connection.close();
    }
}
