package io.sallyport.relay.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.IOException;

/// Opens connections to the egress gateway, or to the door that leads to it.
///
/// - **Threads**: any.
@FunctionalInterface
public interface Dialer {
    /// A new connection, on which HTTP is spoken next; the caller closes it.
    Connection dial(Deadline deadline) throws IOException;

    /// What `Host` says.
    default String host() {
        return "egress.sallyport.internal";
    }
}
