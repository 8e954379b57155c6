package io.sallyport.bench.inbound;

import io.sallyport.bench.load.Tally;

/// One measurement of one subject.
///
/// @param cpuMs of all its processes
/// @param othersCpuMs of whoever is neither subject nor load
record Round(
        double seconds,
        double cpuMs,
        double othersCpuMs,
        double rssMib,
        long answers,
        long bodyBytes,
        double p50Ms,
        double p99Ms,
        double maxMs) {
    private static final double MB = 1e6;
    private static final double MICROS_PER_MS = 1e3;

    static Round of(Tally tally, double seconds, double cpuMs, double othersCpuMs, double rssMib) {
        return new Round(
                seconds,
                cpuMs,
                othersCpuMs,
                rssMib,
                tally.answers(),
                tally.bodyBytes(),
                tally.latencyMs(50),
                tally.latencyMs(99),
                tally.latencyMs(100));
    }

    double cpuMicrosPerAnswer() {
        return cpuMs * MICROS_PER_MS / answers;
    }

    double cpuMicrosPerMb() {
        return cpuMs * MICROS_PER_MS / (bodyBytes / MB);
    }

    double answersPerSecond() {
        return answers / seconds;
    }

    /// Of one processor.
    double othersPercent() {
        return othersCpuMs / seconds / 10;
    }

    double mbPerSecond() {
        return bodyBytes / MB / seconds;
    }
}
