package io.sallyport.egress.audit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How fast each sandbox may fill the log with what it is refused, with canaries and with questions for names: all
/// sandboxes share its files, and none may push out what the others did. What is not written is counted.
///
/// - **Threads**: any.
/// - **Limits**: [#BURST] records at once and [#PER_SECOND] after that, for each sandbox. A sandbox is forgotten when
///   it has been quiet for long enough to have its burst again.
final class Quotas {
    static final int PER_SECOND = 20;
    static final int BURST = 200;
    private static final long COST_NANOS = 1_000_000_000L / PER_SECOND;
    private static final long BURST_NANOS = BURST * COST_NANOS;

    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();

    /// One sandbox's. Immutable.
    ///
    /// @param paidUntil what was written is paid for up to this moment
    /// @param counted that were not written, and nobody was told of
    private record Quota(long paidUntil, long counted) {
        Quota at(long now) {
            return now - paidUntil > BURST_NANOS ? new Quota(now - BURST_NANOS, counted) : this;
        }

        boolean has(long now) {
            return now - paidUntil >= COST_NANOS;
        }
    }

    /// Whether a record may be written; it has been counted where not.
    boolean mayWrite(Draft draft) {
        if (!draft.isCheap()) {
            return true;
        }
        long now = System.nanoTime();
        var may = new boolean[1];
        quotas.compute(draft.sandbox(), (sandbox, before) -> {
            var quota = before == null ? new Quota(now - BURST_NANOS, 0) : before.at(now);
            may[0] = quota.has(now);
            return may[0]
                    ? new Quota(quota.paidUntil() + COST_NANOS, quota.counted())
                    : new Quota(quota.paidUntil(), quota.counted() + 1);
        });
        return may[0];
    }

    /// Takes note of summaries.
    interface Summary {
        /// Says whether it is written.
        boolean write(String sandbox, long counted);
    }

    /// Has every sandbox's count written, and forgets what need not be kept.
    void summarise(Summary summary) {
        long now = System.nanoTime();
        for (var one : quotas.entrySet()) {
            long counted = one.getValue().counted();
            if (counted > 0 && summary.write(one.getKey(), counted)) {
                quotas.computeIfPresent(
                        one.getKey(), (sandbox, quota) -> new Quota(quota.paidUntil(), quota.counted() - counted));
            }
            quotas.computeIfPresent(
                    one.getKey(),
                    (sandbox, quota) -> quota.counted() == 0 && now - quota.paidUntil() >= BURST_NANOS ? null : quota);
        }
    }
}
