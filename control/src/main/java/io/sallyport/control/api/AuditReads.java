package io.sallyport.control.api;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Who reads the audit log at the moment: a read may go through all of its files.
///
/// - **Threads**: any.
/// - **Limits**: [#PER_TEAM] and [#IN_ALL] at a time; others wait for [#WAIT], each team's in their order, and only
///   one of a team at a time for a place among all.
final class AuditReads {
    static final int PER_TEAM = 1;
    static final int IN_ALL = 2;
    static final Duration WAIT = Duration.ofSeconds(5);

    private final Duration wait;
    private final Semaphore all = new Semaphore(IN_ALL, true);
    private final Map<UUID, Semaphore> teams = new ConcurrentHashMap<>(); // as many as there are teams

    AuditReads() {
        this(WAIT);
    }

    AuditReads(Duration wait) {
        this.wait = wait;
    }

    /// A place, to be closed.
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits for a place.
    ///
    /// @throws ApiException 429, where there was none in time
    Turn enter(UUID team) {
        long until = System.nanoTime() + wait.toNanos();
        var own = teams.computeIfAbsent(team, id -> new Semaphore(PER_TEAM, true));
        acquire(own, until);
        try {
            acquire(all, until);
        } catch (ApiException e) {
            own.release();
            throw e;
        }
        return () -> {
            all.release();
            own.release();
        };
    }

    private static void acquire(Semaphore places, long untilNanos) {
        try {
            if (places.tryAcquire(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ApiException(429, "the audit log is being read already (expected: one read at a time; try again)");
    }
}
