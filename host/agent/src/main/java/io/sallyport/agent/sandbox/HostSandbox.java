package io.sallyport.agent.sandbox;

import io.sallyport.agent.outbound.Door;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.netns.Netns;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

    /// From inside to the door. Its relay needs few, because a connection carries many streams.
    static final int OUTGOING_MAX = 1_024;

    private static final Duration FAREWELL_WAIT = Duration.ofSeconds(1);
    private static final Duration PASS_ON_WAIT = Duration.ofMillis(50);
    private static final Duration PASS_ON_STEP = Duration.ofMillis(1);

    final SandboxId id;
    final Netns netns;
    final SandboxRecord record;
    final ReentrantLock lock = new ReentrantLock();
    final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    final Set<Connection> outgoing = ConcurrentHashMap.newKeySet();
    final Set<Integer> answered = ConcurrentHashMap.newKeySet(); // ports that once took a connection
    volatile State state;
    private @Nullable Door door;

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

    /// Ties a connection into the sandbox: it is cut when the sandbox is paused or ends. Empty, and the connection
    /// closed, when that has happened already.
    Optional<Connection> tie(Connection connection) {
        return tie(connection, connections, Integer.MAX_VALUE);
    }

    /// The same for one that came out of it, of which there are at most [#OUTGOING_MAX].
    Optional<Connection> tieOutgoing(Connection connection) {
        return tie(connection, outgoing, OUTGOING_MAX);
    }

    private Optional<Connection> tie(Connection connection, Set<Connection> open, int most) {
        var tied = new TiedConnection(connection, open);
        if (state == State.RUNNING && open.size() <= most) {
            return Optional.of(tied);
        }
        tied.close();
        return Optional.empty();
    }

    void cutConnections() {
        connections.forEach(Connection::close);
        outgoing.forEach(Connection::close);
    }

    /// Whose door it is from now on; closed by [#closeDoor].
    void door(Door open) {
        door = open;
    }

    void closeDoor() {
        if (door != null) {
            door.close();
        }
    }

    GuestClient guest() {
        return new GuestClient(netns, record.accessToken());
    }
}
