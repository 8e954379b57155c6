package io.sallyport.bench.outbound;

import io.sallyport.bench.Choice;
import io.sallyport.bench.Contest;
import io.sallyport.bench.FigureTable;
import io.sallyport.bench.GoProgram;
import io.sallyport.bench.Processors;
import io.sallyport.bench.Tools;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Measures every [Subject] under every [OutboundWorkload] that it takes part in.
///
/// For a workload all subjects start anew, warm up one after the other, and take turns in its rounds; a figure is
/// the median of the rounds.
public final class OutboundBench implements Closeable {
    private static final List<Subject> SUBJECTS =
            List.of(new Sallyport(), Squid.alone(), Squid.twice(), new Mitmproxy(), new Sslsplit());
    private static final List<String> SOURCES = Stream.of("main.go", "origin.go", "client.go", "load.go")
            .map(source -> "outbound/" + source)
            .toList();

    private final Path home;
    private final Processors processors;
    private final Origin origin;
    private final Meter meter;
    private final Duration length;
    private final List<Subject> subjects;
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    private OutboundBench(
            Path home, Processors processors, Origin origin, Meter meter, Duration length, List<Subject> subjects) {
        this.home = home;
        this.processors = processors;
        this.origin = origin;
        this.meter = meter;
        this.length = length;
        this.subjects = subjects;
    }

    /// Moves this process to the load's processor, builds origin and load, and starts the origin.
    ///
    /// @param length of one measurement
    /// @param names of the subjects, all when none is given
    /// @throws IllegalArgumentException for a name that is none
    public static OutboundBench open(Duration length, List<String> names) throws IOException {
        var subjects = Choice.of("--subjects", SUBJECTS, Subject::name, names);
        var processors = Processors.choose();
        processors.moveHere();
        var home = Files.createTempDirectory("sallyport-bench");
        Tools.output("chmod", "a+x", home.toString()); // subjects that become other users have folders in it
        var program = GoProgram.build(Files.createDirectory(home.resolve("program")), "outbound", SOURCES);
        var origin = Origin.start(program, home);
        return new OutboundBench(home, processors, origin, new Meter(program, origin, processors), length, subjects);
    }

    /// Measures, and tells on standard error how far it is.
    public void run(List<OutboundWorkload> workloads) throws IOException {
        for (var workload : workloads) {
            try (var contest = new Contest<RunningSubject>()) {
                run(workload, contest);
            }
        }
    }

    private void run(OutboundWorkload workload, Contest<RunningSubject> contest) throws IOException {
        for (var subject : subjects) {
            if (subject.takesPart(workload)) {
                progress(workload, "warming up " + subject.name());
                var directory =
                        Files.createDirectories(home.resolve(workload.key()).resolve(subject.name()));
                var site = Site.of(directory, origin, workload.intercepts());
                contest.enter(
                        subject.name(),
                        () -> RunningSubject.start(subject, site, processors),
                        running -> warmUp(running, workload));
            }
        }
        for (int round = 1; round <= workload.rounds(); round++) {
            int number = round;
            progress(workload, "round " + number + " of " + workload.rounds());
            contest.round(running -> meter.measure(running, workload.kind(), length, number));
        }
        figures.putAll(contest.figures(workload.key()));
        contest.failures().forEach((subject, failure) -> {
            failures.add(workload.key() + "." + subject + ": " + failure.getMessage());
            progress(workload, "FAILED " + failures.getLast());
        });
    }

    private Map<String, Double> warmUp(RunningSubject subject, OutboundWorkload workload) throws IOException {
        return workload.warmUp() == OutboundWorkload.Kind.IDLE
                ? Map.of()
                : meter.measure(subject, workload.warmUp(), subject.subject().warmUp(), 0);
    }

    private static void progress(OutboundWorkload workload, String text) {
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

    /// The figures for people.
    public String table(List<OutboundWorkload> workloads) {
        return FigureTable.of(
                figures,
                workloads.stream().map(OutboundWorkload::key).toList(),
                subjects.stream().map(Subject::name).toList(),
                List.of("sallyport", "squid"));
    }

    public String versions() throws IOException {
        var versions = new ArrayList<String>();
        for (var subject : subjects) {
            versions.add(subject.version());
        }
        versions.add("load and origin in " + GoProgram.version());
        return String.join(", ", versions);
    }

    /// What runs where.
    public String arrangement() {
        return processors.toString();
    }

    @Override
    public void close() throws IOException {
        origin.close();
        Tools.output("rm", "-rf", home.toString());
    }
}
