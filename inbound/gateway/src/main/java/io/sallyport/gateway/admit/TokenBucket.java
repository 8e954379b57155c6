package io.sallyport.gateway.admit;

/// A rate: so many a second, and as many at once after a pause.
final class TokenBucket {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final int ratePerSecond;
    private double tokens;
    private long filledAtNanos = System.nanoTime();

    TokenBucket(int ratePerSecond) {
        this.ratePerSecond = ratePerSecond;
        this.tokens = ratePerSecond;
    }

    synchronized boolean take() {
        long now = System.nanoTime();
        tokens = Math.min(ratePerSecond, tokens + (double) (now - filledAtNanos) * ratePerSecond / SECOND_NANOS);
        filledAtNanos = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
