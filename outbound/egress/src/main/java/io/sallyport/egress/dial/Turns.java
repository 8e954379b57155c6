package io.sallyport.egress.dial;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many of something each sandbox may have at a time; the rest waits, first come, first served.
///
/// - **Threads**: any.
final class Turns {
    private final int perSandbox;
    private final Map<SandboxId, Turn> turns = new ConcurrentHashMap<>();

    Turns(int perSandbox) {
        this.perSandbox = perSandbox;
    }

    private final class Turn {
        private final Semaphore free = new Semaphore(perSandbox, true);
        private int users; // changed within the map's compute only
    }

    /// Waits for a turn; false when there was none by the deadline. Whoever has one says when it is [#over].
    boolean take(SandboxId sandbox, Deadline deadline) throws InterruptedException {
        var turn = turns.compute(sandbox, (id, there) -> {
            var one = there == null ? new Turn() : there;
            one.users++;
            return one;
        });
        boolean taken = false;
        try {
            taken = turn.free.tryAcquire(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
            return taken;
        } finally {
            if (!taken) {
                leave(sandbox);
            }
        }
    }

    void over(SandboxId sandbox) {
        turns.computeIfPresent(sandbox, (id, turn) -> {
            turn.free.release();
            return turn;
        });
        leave(sandbox);
    }

    private void leave(SandboxId sandbox) {
        turns.computeIfPresent(sandbox, (id, turn) -> --turn.users == 0 ? null : turn);
    }
}
