package io.sallyport.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Subjects that take turns under one workload. One that fails is out, and has no figures.
///
/// @param <S> a subject that runs
public final class Contest<S extends Closeable> implements Closeable {
    private record Entrant<S>(String name, S subject, List<Map<String, Double>> rounds) {}

    private final List<Entrant<S>> entrants = new ArrayList<>();
    private final Map<String, IOException> failures = new LinkedHashMap<>();

    /// Starts a subject.
    public interface Start<S> {
        S start() throws IOException;
    }

    /// One measurement: figures by their names.
    public interface Measurement<S> {
        Map<String, Double> of(S subject) throws IOException;
    }

    /// Starts a subject and warms it up.
    public void enter(String name, Start<S> start, Measurement<S> warmUp) {
        try {
            var subject = start.start();
            entrants.add(new Entrant<>(name, subject, new ArrayList<>()));
            warmUp.of(subject);
        } catch (IOException e) {
            failures.put(name, e);
        }
    }

    /// Measures each subject once.
    public void round(Measurement<S> measurement) {
        for (var entrant : entrants) {
            if (!failures.containsKey(entrant.name)) {
                try {
                    entrant.rounds.add(measurement.of(entrant.subject));
                } catch (IOException e) {
                    failures.put(entrant.name, e);
                }
            }
        }
    }

    /// The medians, by keys of the form `workload.subject.figure`.
    public Map<String, Double> figures(String workload) {
        var medians = new LinkedHashMap<String, Double>();
        for (var entrant : entrants) {
            if (!failures.containsKey(entrant.name)) {
                for (var figure : entrant.rounds.getFirst().keySet()) {
                    medians.put(workload + "." + entrant.name + "." + figure, median(figure, entrant.rounds));
                }
            }
        }
        return medians;
    }

    private static double median(String figure, List<Map<String, Double>> rounds) {
        var sorted = rounds.stream()
                .mapToDouble(round -> round.getOrDefault(figure, 0.0))
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    /// By the subjects' names.
    public Map<String, IOException> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        for (var entrant : entrants) {
            entrant.subject.close();
        }
    }
}
