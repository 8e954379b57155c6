package io.sallyport.bench.inbound;

import java.util.Locale;

/// What is told of a round. The order is that of the tables, the name is that in keys.
enum Figure {
    CPU_US("CPU µs per request or message"),
    CPU_US_PER_MB("CPU µs per MB (10^6 bytes)"),
    RPS("requests per second"),
    MB_PER_S("MB per second"),
    P50_MS("latency p50, ms"),
    P99_MS("latency p99, ms"),
    MAX_MS("latency at most, ms"),
    RSS_MIB("resident MiB"),
    OTHERS_PCT("time that others took from the measurement, % of one processor");

    private final String heading;

    Figure(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }

    double of(Round round) {
        return switch (this) {
            case CPU_US -> round.cpuMicrosPerAnswer();
            case CPU_US_PER_MB -> round.cpuMicrosPerMb();
            case RPS -> round.answersPerSecond();
            case MB_PER_S -> round.mbPerSecond();
            case P50_MS -> round.p50Ms();
            case P99_MS -> round.p99Ms();
            case MAX_MS -> round.maxMs();
            case RSS_MIB -> round.rssMib();
            case OTHERS_PCT -> round.othersPercent();
        };
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    String key(Workload workload, String subject) {
        return workload.key() + "." + subject + "." + key();
    }
}
