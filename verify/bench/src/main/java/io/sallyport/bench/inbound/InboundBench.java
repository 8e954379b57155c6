package io.sallyport.bench.inbound;

import io.sallyport.bench.Choice;
import io.sallyport.bench.Contest;
import io.sallyport.bench.Processors;
import io.sallyport.bench.Tools;
import io.sallyport.bench.load.Backend;
import io.sallyport.bench.load.Loop;
import io.sallyport.kit.SandboxId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Measures every [Subject] under every [Workload].
///
/// For a workload all subjects start anew, warm up one after the other, and take turns in [#ROUNDS] rounds; a
/// figure is the median of the rounds.
public final class InboundBench implements Closeable {
    private static final int ROUNDS = 3;

    /// Of one process, then of two with mTLS between them.
    private static final List<Subject> SUBJECTS = List.of(
            new Sallyport(false), new Nginx(), new Haproxy(), new GoProxy(), new Sallyport(true), new GoChained());

    private final Path home;
    private final Processors processors;
    private final Loop loop;
    private final Backend backend;
    private final Duration length;
    private final List<Subject> subjects;
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    private InboundBench(
            Path home, Processors processors, Loop loop, Backend backend, Duration length, List<Subject> subjects) {
        this.home = home;
        this.processors = processors;
        this.loop = loop;
        this.backend = backend;
        this.length = length;
        this.subjects = subjects;
    }

    /// Moves this process to the load's processor and starts the backend.
    ///
    /// @param length of one measurement
    /// @param names of the subjects, all when none is given
    /// @throws IllegalArgumentException for a name that is none
    public static InboundBench open(Duration length, List<String> names) throws IOException {
        var subjects = subjects(names);
        var processors = Processors.choose();
        processors.moveHere();
        var home = Files.createTempDirectory("sallyport-bench");
        var loop = Loop.open();
        return new InboundBench(home, processors, loop, Backend.start(loop, home), length, subjects);
    }

    private static List<Subject> subjects(List<String> names) {
        return Choice.of("--subjects", SUBJECTS, Subject::name, names);
    }

    /// Measures, and tells on standard error how far it is.
    public void run(List<Workload> workloads) throws IOException {
        for (var workload : workloads) {
            try (var contest = new Contest<RunningSubject>()) {
                run(workload, contest);
            }
        }
    }

    private void run(Workload workload, Contest<RunningSubject> contest) throws IOException {
        for (var subject : subjects) {
            progress(workload, "warming up " + subject.name());
            var directory = Files.createDirectories(home.resolve(workload.key()).resolve(subject.name()));
            var site = Site.of(home, directory, backend.port(), SandboxId.random());
            contest.enter(
                    subject.name(),
                    () -> RunningSubject.start(subject, site, processors),
                    running -> measure(running, workload, subject.warmUp()));
        }
        for (int round = 1; round <= ROUNDS; round++) {
            progress(workload, "round " + round + " of " + ROUNDS);
            contest.round(running -> measure(running, workload, length));
        }
        figures.putAll(contest.figures(workload.key()));
        contest.failures().forEach((subject, failure) -> {
            failures.add(workload.key() + "." + subject + ": " + failure.getMessage());
            progress(workload, "FAILED " + failures.getLast());
        });
    }

    private Map<String, Double> measure(RunningSubject subject, Workload workload, Duration time) throws IOException {
        var round = new Meter(loop, processors).measure(subject, workload.plan(), time);
        var measured = new LinkedHashMap<String, Double>();
        workload.figures().forEach(figure -> measured.put(figure.key(), figure.of(round)));
        return measured;
    }

    private static void progress(Workload workload, String text) {
        System.err.println(workload.key() + ": " + text);
    }

    /// By keys of the form `workload.subject.figure_unit`.
    public Map<String, Double> figures() {
        return figures;
    }

    /// Who has no figures, and why.
    public List<String> failures() {
        return failures;
    }

    public List<String> subjects() {
        return subjects.stream().map(Subject::name).toList();
    }

    public String versions() throws IOException {
        var versions = new LinkedHashSet<String>();
        for (var subject : subjects) {
            versions.add(subject.version());
        }
        return String.join(", ", versions);
    }

    /// What runs where.
    public String arrangement() {
        return processors.toString();
    }

    @Override
    public void close() throws IOException {
        backend.close();
        loop.close();
        Tools.output("rm", "-rf", home.toString());
    }
}
