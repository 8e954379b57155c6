package io.sallyport.bench.inbound;

import io.sallyport.bench.Proc;
import io.sallyport.bench.Processors;
import io.sallyport.bench.load.Load;
import io.sallyport.bench.load.Loop;
import io.sallyport.bench.load.Plan;
import java.io.IOException;
import java.time.Duration;

/// Loads one subject and reads off what that took.
///
/// @param loop serves load and backend
record Meter(Loop loop, Processors processors) {
    private static final Duration LEAD_IN = Duration.ofMillis(300);
    private static final double NANOS = 1e9;

    /// Clocks of processor time.
    private record Clocks(long nanos, double subjectMs, double loadMs, double busyMs) {}

    /// One measurement, after a lead-in in which connections are made.
    ///
    /// @throws IOException when a single answer was not as it should be
    Round measure(RunningSubject subject, Plan plan, Duration length) throws IOException {
        try (var load = Load.start(loop, subject.entry(), plan)) {
            run(LEAD_IN);
            load.tally().begin();
            var before = read(subject);
            run(length);
            var after = read(subject);
            load.check();
            double subjectMs = after.subjectMs - before.subjectMs;
            double othersMs = after.busyMs - before.busyMs - subjectMs - (after.loadMs - before.loadMs);
            double seconds = (after.nanos - before.nanos) / NANOS;
            return Round.of(load.tally(), seconds, subjectMs, Math.max(0, othersMs), subject.rssMib());
        }
    }

    private Clocks read(RunningSubject subject) throws IOException {
        double loadMs = Proc.cpuMs(ProcessHandle.current().pid());
        return new Clocks(System.nanoTime(), subject.cpuMs(), loadMs, processors.busyMs());
    }

    private void run(Duration length) throws IOException {
        loop.run(System.nanoTime() + length.toNanos());
    }
}
