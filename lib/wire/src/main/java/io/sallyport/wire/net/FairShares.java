package io.sallyport.wire.net;

import io.sallyport.kit.SandboxId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Divides copying between sandboxes, however many connections each has: fair queueing by bytes.
///
/// Every sandbox has a virtual time, the bytes it has copied by its weight. When one is too far ahead of the
/// slowest that moves, those ahead are held until that one has caught up. A hold also finds out whether it helps:
/// a sandbox that gets no faster meanwhile waits for its own client or app. It forfeits what it is behind, and the
/// next hold for it comes after twice the lead, so such a sandbox soon slows others down but rarely.
///
/// - **Threads**: any; a held thread is parked.
/// - **Limits**: a hold lasts [#HOLD_NANOS] at most, and nobody waits for more than [#HOLDS_MAX] behind one
///   piece; a lead is [#LEAD_BYTES_MIN] to [#LEAD_BYTES_MAX]. Only who moved within [#MOVING_NANOS] counts; while
///   only one sandbox does, nothing is divided.
public final class FairShares {
    /// The bulk lane of this process.
    public static final FairShares BULK = new FairShares(System::nanoTime);

    static final long LEAD_BYTES_MIN = 1 << 20;
    static final long LEAD_BYTES_MAX = 128 << 20;
    static final long HOLD_NANOS = 10_000_000;
    static final long MOVING_NANOS = 100_000_000;
    private static final int HOLDS_MAX = 2;

    private final LongSupplier nanoClock;
    private final Map<SandboxId, Member> members = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition holdOver = lock.newCondition();
    private volatile @Nullable Member last;
    private volatile long contendedUntilNanos;

    // With the lock:
    private final List<Member> active = new ArrayList<>();
    private @Nullable Hold hold;

    FairShares(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.contendedUntilNanos = nanoClock.getAsLong();
    }

    /// The time that the slowest is given to catch up.
    ///
    /// @param goal the virtual time of whoever was too far ahead
    private record Hold(Member slowest, long fromBytes, long goal, long fromNanos) {
        boolean over(long now) {
            return slowest.virtualBytes >= goal || now - fromNanos >= HOLD_NANOS;
        }
    }

    /// Takes part for a sandbox; the caller closes it.
    ///
    /// @param weight what it may copy in proportion to others, at least 1; that of the first who joins counts
    public FairShare join(SandboxId sandbox, int weight) {
        var member = members.compute(sandbox, (id, known) -> {
            var one = known == null ? new Member(weight) : known;
            one.users++;
            return one;
        });
        return new FairShare() {
            @Override
            public void copied(long bytes) {
                FairThreads.makeWay();
                divide(member, bytes);
            }

            @Override
            public void close() {
                members.computeIfPresent(sandbox, (id, known) -> --known.users == 0 ? leave(known) : known);
            }
        };
    }

    private void divide(Member member, long bytes) {
        long now = nanoClock.getAsLong();
        if (!contended(member, now)) {
            return;
        }
        lock.lock();
        try {
            int holds = 0;
            for (long wait = pass(member, now); wait > 0 && holds < HOLDS_MAX; wait = pass(member, now)) {
                var _ = holdOver.awaitNanos(wait);
                holds++;
                now = nanoClock.getAsLong();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // and it goes on: whoever interrupts ends it soon
        } finally {
            count(member, bytes, now);
            lock.unlock();
        }
    }

    /// Whether another sandbox moved lately. Notes that this one does.
    boolean contended(Member member, long now) {
        var before = last;
        if (before != member) {
            last = member;
            if (before != null && now - before.movedAtNanos < MOVING_NANOS) {
                contendedUntilNanos = now + MOVING_NANOS;
            }
        }
        member.movedAtNanos = now;
        return now - contendedUntilNanos < 0;
    }

    /// How many nanoseconds to wait before asking again; 0 when it may go on. With the lock.
    private long pass(Member member, long now) {
        settle(member, now);
        var held = hold == null ? begin(member, now) : hold;
        if (held == null || held.slowest == member || member.virtualBytes <= held.fromBytes + held.slowest.leadBytes) {
            return 0;
        }
        return Math.max(1, HOLD_NANOS - (now - held.fromNanos));
    }

    private void count(Member member, long bytes, long now) {
        member.virtualBytes += bytes / member.weight;
        var held = hold;
        if (held != null && held.slowest == member && held.over(now)) {
            end(held, now);
        }
    }

    /// For tests, who do not wait: true, and the bytes are counted, where nobody would have to.
    boolean passes(Member member, long bytes, long now) {
        lock.lock();
        try {
            boolean may = pass(member, now) == 0;
            if (may) {
                count(member, bytes, now);
            }
            return may;
        } finally {
            lock.unlock();
        }
    }

    /// Brings the list of who is active, and the hold, up to the moment.
    private void settle(Member member, long now) {
        active.removeIf(one -> one != member && now - one.movedAtNanos >= MOVING_NANOS);
        var held = hold;
        if (held != null && (!active.contains(held.slowest) || held.over(now))) {
            end(held, now);
        }
        if (!active.contains(member)) {
            // It has no claim to what it did not want before.
            member.virtualBytes = Math.max(
                    member.virtualBytes,
                    active.stream().mapToLong(one -> one.virtualBytes).min().orElse(0));
            member.freeSince(now);
            active.add(member);
        }
    }

    private @Nullable Hold begin(Member member, long now) {
        var slowest = member;
        for (var one : active) {
            if (one.virtualBytes < slowest.virtualBytes) {
                slowest = one;
            }
        }
        if (member.virtualBytes - slowest.virtualBytes <= slowest.leadBytes) {
            return null;
        }
        var begun = new Hold(slowest, slowest.virtualBytes, member.virtualBytes, now);
        hold = begun;
        return begun;
    }

    private void end(Hold over, long now) {
        var one = over.slowest;
        if (helped(over, now)) {
            one.leadBytes = LEAD_BYTES_MIN;
            one.virtualBytes = Math.max(one.virtualBytes, over.goal - LEAD_BYTES_MIN);
        } else {
            one.leadBytes = Math.min(2 * one.leadBytes, LEAD_BYTES_MAX);
            one.virtualBytes = Math.max(one.virtualBytes, over.goal);
        }
        one.freeSince(now);
        hold = null;
        holdOver.signalAll();
    }

    /// Whether the slowest was half as fast again while others were held as it was before.
    private static boolean helped(Hold over, long now) {
        var one = over.slowest;
        double before = (double) (over.fromBytes - one.freeFromBytes) / Math.max(1, over.fromNanos - one.freeFromNanos);
        double during = (double) (one.virtualBytes - over.fromBytes) / Math.max(1, now - over.fromNanos);
        return 2 * during > 3 * before;
    }

    private @Nullable Member leave(Member member) {
        lock.lock();
        try {
            active.remove(member);
            var held = hold;
            if (held != null && held.slowest == member) {
                end(held, nanoClock.getAsLong());
            }
        } finally {
            lock.unlock();
        }
        return null;
    }

    /// A sandbox.
    static final class Member {
        private final int weight;
        private int users; // changed within the map's compute only
        private volatile long movedAtNanos;

        // With the lock:
        private long virtualBytes;
        private long leadBytes = LEAD_BYTES_MIN;
        private long freeFromBytes;
        private long freeFromNanos;

        Member(int weight) {
            this.weight = weight;
        }

        /// From now on nobody is held for it.
        private void freeSince(long now) {
            freeFromBytes = virtualBytes;
            freeFromNanos = now;
        }
    }
}
