package io.sallyport.bench.pty;

import io.sallyport.bench.Proc;
import java.io.IOException;
import java.util.stream.Stream;

/// How much processor time others use during a measurement: what neither a subject, with its sandboxes, nor
/// this process with its children has used. The kernel's own threads are among them.
record Meter(Started subject, double busyBeforeMs, double oursBeforeMs, long beganNanos) {
    private static final double NANOS_PER_MS = 1e6;

    static Meter begin(Started subject) throws IOException {
        return new Meter(subject, busyMs(), oursMs(subject), System.nanoTime());
    }

    /// Since the beginning, in percent of one processor. To be asked while everything measured still runs.
    double othersPercent() throws IOException {
        double others = busyMs() - busyBeforeMs - (oursMs(subject) - oursBeforeMs);
        return 100 * others / ((System.nanoTime() - beganNanos) / NANOS_PER_MS);
    }

    private static double busyMs() throws IOException {
        double sum = 0;
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            sum += Proc.busyMs(i);
        }
        return sum;
    }

    private static double oursMs(Started subject) throws IOException {
        var roots = Stream.concat(Stream.of(ProcessHandle.current()), subject.sandboxes().stream());
        return roots.flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .mapToLong(ProcessHandle::pid)
                .distinct()
                .mapToDouble(Meter::cpuMs)
                .sum();
    }

    private static double cpuMs(long pid) {
        try {
            return Proc.cpuMs(pid);
        } catch (IOException e) {
            return 0; // it has ended meanwhile
        }
    }
}
