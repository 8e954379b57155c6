package io.sallyport.egress.intercept;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Opens connections to the one pinned address of a tunnel, with TLS where the scheme is `https`.
///
/// - **Threads**: one at a time.
/// - **Errors**: [RefusedException] where there is a reason that the client is told; any other [IOException] is
///   reported as the host not accepting the connection.
@FunctionalInterface
public interface UpstreamOpener {
    /// A new connection, which the caller closes.
    Connection open(Deadline deadline) throws IOException;

    /// Closes what was opened and not given to anybody.
    default void close() {}

    /// Gives `first`, which is open already, and after it others.
    static UpstreamOpener startingWith(Connection first, UpstreamOpener others) {
        var unused = new AtomicReference<@Nullable Connection>(first);
        return new UpstreamOpener() {
            @Override
            public Connection open(Deadline deadline) throws IOException {
                var one = unused.getAndSet(null);
                return one == null ? others.open(deadline) : one;
            }

            @Override
            public void close() {
                var one = unused.getAndSet(null);
                if (one != null) {
                    one.close();
                }
                others.close();
            }
        };
    }
}
