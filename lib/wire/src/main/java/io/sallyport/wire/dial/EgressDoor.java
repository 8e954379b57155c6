package io.sallyport.wire.dial;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Connection;

/// A sandbox's way out: the contract between the host agent and the egress gateway. In one process a call into the
/// gateway, between hosts a tunnel.
///
/// - **Threads**: any.
public interface EgressDoor {
    /// Takes a connection that was made inside a sandbox, and returns at once. It is
    /// closed by the door.
    ///
    /// @param sandbox whose namespace it came from, which the agent knows and nobody else can say
    void take(SandboxId sandbox, Connection connection);
}
