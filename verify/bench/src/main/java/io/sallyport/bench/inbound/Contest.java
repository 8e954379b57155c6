package io.sallyport.bench.inbound;

import io.sallyport.bench.Processors;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The subjects under one workload. One that fails is out, and has no figures.
final class Contest implements Closeable {
    private final Workload workload;
    private final Meter meter;
    private final Map<RunningSubject, List<Round>> rounds = new LinkedHashMap<>();
    private final Map<String, IOException> failures = new LinkedHashMap<>();

    Contest(Workload workload, Meter meter) {
        this.workload = workload;
        this.meter = meter;
    }

    /// Starts a subject and warms it up.
    void enter(Subject subject, Site site, Processors processors) {
        try {
            var running = RunningSubject.start(subject, site, processors);
            rounds.put(running, new ArrayList<>());
            measure(running, subject.warmUp());
        } catch (IOException e) {
            failures.put(subject.name(), e);
        }
    }

    /// Measures each subject once.
    void round(Duration length) {
        rounds.forEach((subject, measured) -> {
            if (!failures.containsKey(subject.name())) {
                try {
                    measured.add(measure(subject, length));
                } catch (IOException e) {
                    failures.put(subject.name(), e);
                }
            }
        });
    }

    private Round measure(RunningSubject subject, Duration length) throws IOException {
        return meter.measure(subject, workload.plan(), length);
    }

    /// The medians by their keys.
    Map<String, Double> figures() {
        var medians = new LinkedHashMap<String, Double>();
        rounds.forEach((subject, measured) -> {
            if (!failures.containsKey(subject.name())) {
                for (var figure : workload.figures()) {
                    medians.put(figure.key(workload, subject.name()), median(figure, measured));
                }
            }
        });
        return medians;
    }

    private static double median(Figure figure, List<Round> measured) {
        var sorted = measured.stream().mapToDouble(figure::of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /// By the subjects' names.
    Map<String, IOException> failures() {
        return failures;
    }

    @Override
    public void close() {
        rounds.keySet().forEach(RunningSubject::close);
    }
}
