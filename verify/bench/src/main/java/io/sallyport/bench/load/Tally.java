package io.sallyport.bench.load;

import java.util.Arrays;

/// What a load has counted since it was last told to [#begin].
public final class Tally {
    private static final double NANOS_PER_MS = 1e6;

    private long[] latencyNanos = new long[1 << 16];
    private int answers;
    private long bodyBytes;
    private int errors;
    private String firstError = "";

    /// Forgets all but errors.
    public void begin() {
        answers = 0;
        bodyBytes = 0;
    }

    void answered(long nanos) {
        if (answers == latencyNanos.length) {
            latencyNanos = Arrays.copyOf(latencyNanos, 2 * answers);
        }
        latencyNanos[answers++] = nanos;
    }

    void received(long bytes) {
        bodyBytes += bytes;
    }

    void error(String text) {
        errors++;
        firstError = errors == 1 ? text : firstError;
    }

    public long answers() {
        return answers;
    }

    public long bodyBytes() {
        return bodyBytes;
    }

    public int errors() {
        return errors;
    }

    public String firstError() {
        return firstError;
    }

    /// A percentile of the time from when a request was to be sent to its last byte; 100 is the longest.
    public double latencyMs(int percentile) {
        if (answers == 0) {
            return Double.NaN;
        }
        var sorted = Arrays.copyOf(latencyNanos, answers);
        Arrays.sort(sorted);
        return sorted[Math.min(answers - 1, (int) ((long) answers * percentile / 100))] / NANOS_PER_MS;
    }
}
