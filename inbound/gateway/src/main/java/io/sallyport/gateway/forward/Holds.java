package io.sallyport.gateway.forward;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.dial.SandboxDialer.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Requests that wait for a port on which nothing listens yet. Of those for the same port one tries at a time;
/// when it succeeds the others follow.
///
/// - **Threads**: any.
/// - **Limits**: [#HELD_MAX] requests for a port; more are refused at once.
final class Holds {
    private static final int HELD_MAX = 1_000;
    private static final long REDIAL_MS_MIN = 10;
    private static final long REDIAL_MS_MAX = 250;

    private final Map<Target, Hold> holds = new ConcurrentHashMap<>();

    /// A port that is waited for. Counted under the map's lock of its key.
    private static final class Hold {
        private final ReentrantLock trying = new ReentrantLock();
        private int held;
    }

    /// Dials until something else than a refusal comes of it, or the time is over.
    Dialled dial(Target to, Deadline until, Supplier<Dialled> dial) {
        var first = dial.get();
        if (!(first instanceof Dialled.Refused) || until.passed()) {
            return first;
        }
        var hold = holds.compute(to, (target, known) -> {
            var one = known == null ? new Hold() : known;
            one.held++;
            return one;
        });
        try {
            return hold.held > HELD_MAX ? first : dialInTurn(hold, until, dial);
        } finally {
            holds.computeIfPresent(to, (target, known) -> --known.held == 0 ? null : known);
        }
    }

    private static Dialled dialInTurn(Hold hold, Deadline until, Supplier<Dialled> dial) {
        try {
            if (!hold.trying.tryLock(until.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return new Dialled.Refused();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dialled.Refused();
        }
        try {
            return dialAgainAndAgain(until, dial);
        } finally {
            hold.trying.unlock();
        }
    }

    private static Dialled dialAgainAndAgain(Deadline until, Supplier<Dialled> dial) {
        long step = REDIAL_MS_MIN;
        while (true) {
            var dialled = dial.get();
            if (!(dialled instanceof Dialled.Refused) || until.passed()) {
                return dialled;
            }
            LockSupport.parkNanos(Duration.ofMillis(step).toNanos());
            step = Math.min(REDIAL_MS_MAX, step * 3 / 2);
        }
    }
}
