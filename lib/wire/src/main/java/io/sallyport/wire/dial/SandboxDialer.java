package io.sallyport.wire.dial;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Connection;
import java.io.IOException;

/// Opens a connection to a port inside a sandbox. In one process a call into the host agent, between hosts a
/// tunnel.
///
/// - **Threads**: any.
public interface SandboxDialer {
    /// One attempt. Never waits for a port to come up: a refusal is known in microseconds, and holding is the
    /// caller's.
    Dialled dial(Target to, Deadline deadline);

    /// What listens in the sandbox, for whoever was refused.
    Listening listening(Target to, Deadline deadline) throws IOException;

    /// A port of a sandbox.
    ///
    /// @param host where the sandbox's agent takes tunnels, `name:port`; empty in one process
    record Target(String host, SandboxId sandbox, Port port) {}

    /// What came of an attempt.
    sealed interface Dialled {
        /// The caller closes the connection.
        record Connected(Connection connection) implements Dialled {}

        /// The sandbox runs and nothing accepts on that port, neither on 127.0.0.1 nor on ::1.
        record Refused() implements Dialled {}

        /// This agent has no such sandbox, or has it paused.
        record NotRunning() implements Dialled {}

        /// Anything else: a full backlog that outlasted the deadline, no descriptors left.
        record Failed(Exception cause) implements Dialled {}
    }
}
