package io.sallyport.egress.intercept;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/// Opens connections to the one pinned address of a tunnel, with TLS where the scheme is `https`.
///
/// - **Threads**: one at a time.
/// - **Errors**: [RefusedException] where there is a reason that the client is told; any other [IOException] is
///   reported as the host not accepting the connection.
@FunctionalInterface
public interface UpstreamOpener {
    /// A new connection, which the caller closes.
    Connection open(Deadline deadline) throws IOException;

    /// Gives `first`, which is open already, and after it others.
    static UpstreamOpener startingWith(Connection first, UpstreamOpener others) {
        var unused = new AtomicReference<Connection>(first);
        return deadline -> {
            var one = unused.getAndSet(null);
            return one == null ? others.open(deadline) : one;
        };
    }
}
