package io.sallyport.app;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.net.Connection;
import org.jspecify.annotations.Nullable;

/// The door while the egress gateway is not there yet: the agent starts before the control plane, and the egress
/// gateway after it. What comes too early is closed, and comes again.
///
/// - **Threads**: any.
final class LateDoor implements EgressDoor {
    private volatile @Nullable EgressDoor door;

    void lead(EgressDoor to) {
        door = to;
    }

    @Override
    public void take(SandboxId sandbox, Connection connection) {
        var to = door;
        if (to == null) {
            connection.close();
        } else {
            to.take(sandbox, connection);
        }
    }
}
