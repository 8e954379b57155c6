package io.sallyport.bench.pty;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a [Typist] has measured, sorted.
record Keystrokes(long[] echoNanos, long[] lateNanos) {
    private static final double NANOS_PER_MS = 1e6;

    /// Reads what it printed.
    static Keystrokes parse(String printed) throws IOException {
        return new Keystrokes(line("echo", printed), line("late", printed));
    }

    private static long[] line(String name, String printed) throws IOException {
        return printed.lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(line -> Arrays.stream(line.substring(name.length() + 1).split(" ", -1))
                        .mapToLong(Long::parseLong)
                        .sorted()
                        .toArray())
                .orElseThrow(() -> new IOException("the typist says: " + printed));
    }

    /// Figures in milliseconds, by the last part of their keys. How late the typist itself was says what the
    /// measurement is worth.
    Map<String, Double> figures() {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("p50_ms", ms(echoNanos, 50));
        figures.put("p95_ms", ms(echoNanos, 95));
        figures.put("p99_ms", ms(echoNanos, 99));
        figures.put("max_ms", ms(echoNanos, 100));
        figures.put("typist_late_p99_ms", ms(lateNanos, 99));
        return figures;
    }

    private static double ms(long[] sorted, int percentile) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percentile / 100)] / NANOS_PER_MS;
    }
}
