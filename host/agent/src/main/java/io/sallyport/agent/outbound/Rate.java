package io.sallyport.agent.outbound;

/// So many a second, and so many at once after a pause.
///
/// - **Threads**: one.
final class Rate {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final long costNanos;
    private final long savedNanosMax;
    private long freeAtNanos; // what is taken is paid for up to this moment

    /// A rate that has rested.
    Rate(int perSecond, int atOnce, long nowNanos) {
        this.costNanos = SECOND_NANOS / perSecond;
        this.savedNanosMax = costNanos * atOnce;
        this.freeAtNanos = nowNanos - savedNanosMax;
    }

    boolean tryTake(long nowNanos) {
        long saved = Math.min(savedNanosMax, nowNanos - freeAtNanos);
        if (saved < costNanos) {
            return false;
        }
        freeAtNanos = nowNanos - saved + costNanos;
        return true;
    }
}
