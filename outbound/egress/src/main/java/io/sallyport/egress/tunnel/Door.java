package io.sallyport.egress.tunnel;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.ForwardingConnection;

/// A connection out of a sandbox that says when it is closed.
final class Door extends ForwardingConnection {
    private final Runnable onClosed;

    /// @param onClosed called with every [#close()] and [#reset()]
    Door(Connection connection, Runnable onClosed) {
        super(connection);
        this.onClosed = onClosed;
    }

    @Override
    public void reset() {
        connection.reset();
        onClosed.run();
    }

    @Override
    public void close() {
        connection.close();
        onClosed.run();
    }
}
