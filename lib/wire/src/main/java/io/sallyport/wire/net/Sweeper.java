package io.sallyport.wire.net;

import io.sallyport.kit.Deadline;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Closes connections whose deadline has come.
///
/// Setting a deadline is one volatile write. One thread walks all connections when the earliest deadline it has seen
/// comes, so an extended deadline costs nothing and a process with only quiet connections never wakes.
/// A connection is closed at most [#STEP_NANOS] late.
final class Sweeper {
    private static final long STEP_NANOS = 20_000_000;
    private static final long REST_NANOS = 3_600_000_000_000L;

    private static final Set<SocketConnection> CONNECTIONS = ConcurrentHashMap.newKeySet();
    private static final Thread THREAD =
            Thread.ofPlatform().daemon().name("deadlines").unstarted(Sweeper::run);
    private static volatile long wakeAtNanos = System.nanoTime() + REST_NANOS;

    static {
        THREAD.start();
    }

    private Sweeper() {}

    static void add(SocketConnection connection) {
        CONNECTIONS.add(connection);
    }

    static void remove(SocketConnection connection) {
        CONNECTIONS.remove(connection);
    }

    /// To be called after a connection's deadline was set.
    static void notice(Deadline deadline) {
        if (deadline.finite() && deadline.atNanos() - wakeAtNanos < 0) {
            LockSupport.unpark(THREAD);
        }
    }

    private static void run() {
        while (true) {
            long now = System.nanoTime();
            wakeAtNanos = now + REST_NANOS;
            for (var connection : CONNECTIONS) {
                var deadline = connection.deadline();
                if (!deadline.finite()) {
                    continue;
                }
                if (deadline.atNanos() - now <= 0) {
                    connection.expire();
                } else if (deadline.atNanos() - wakeAtNanos < 0) {
                    wakeAtNanos = deadline.atNanos();
                }
            }
            LockSupport.parkNanos(Math.max(STEP_NANOS, wakeAtNanos - System.nanoTime()));
        }
    }
}
