package io.sallyport.agent.sandbox;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.netns.Netns;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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

    private static final Duration FAREWELL_WAIT = Duration.ofSeconds(1);
    private static final Duration PASS_ON_WAIT = Duration.ofMillis(50);
    private static final Duration PASS_ON_STEP = Duration.ofMillis(1);

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

    /// Lets the guest daemon say goodbye, and what it said be passed on.
    void farewell() {
        record.askToEnd(FAREWELL_WAIT);
        var deadline = Deadline.after(PASS_ON_WAIT);
        while (!connections.isEmpty() && !deadline.passed()) {
            LockSupport.parkNanos(PASS_ON_STEP.toNanos());
        }
    }

    void cutConnections() {
        connections.forEach(Connection::close);
    }

    GuestClient guest() {
        return new GuestClient(netns, record.accessToken());
    }
}
