package io.sallyport.agent.sandbox;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.netns.Netns;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// A sandbox that is ready, as the agent holds it.
///
/// - **Threads**: `state` is read by any; it is changed under `lock`, which is held for the whole of an
///   operation.
final class HostSandbox {
    /// What can be asked of it now.
    enum State {
        RUNNING,
        PAUSED,
        ENDED
    }

    final SandboxId id;
    final Netns netns;
    final SandboxRecord record;
    final ReentrantLock lock = new ReentrantLock();
    final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    final Set<Integer> answered = ConcurrentHashMap.newKeySet(); // ports that once took a connection
    volatile State state;

    HostSandbox(SandboxId id, Netns netns, SandboxRecord record, State state) {
        this.id = id;
        this.netns = netns;
        this.record = record;
        this.state = state;
    }

    void cutConnections() {
        connections.forEach(Connection::close);
    }

    GuestClient guest() {
        return new GuestClient(netns, record.accessToken());
    }
}
