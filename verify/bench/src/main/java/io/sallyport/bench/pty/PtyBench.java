package io.sallyport.bench.pty;

import io.sallyport.bench.FigureTable;
import io.sallyport.bench.GoProgram;
import io.sallyport.bench.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Measures terminals: every subject is started, measured under every workload, and stopped, one after the
/// other.
public final class PtyBench {
    private static final int KEYS_PER_SECOND = 40;
    private static final List<String> SOURCES = Stream.of(
                    "main.go", "app.go", "load.go", "messages.go", "agent.go", "pty.go", "control.go", "websocket.go")
            .map(source -> "terminals/" + source)
            .toList();

    private final List<PtyWorkload> workloads;
    private final List<PtySubject> subjects;
    private final int keystrokes;
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /// A benchmark of these workloads.
    ///
    /// @param seconds of typing in one measurement
    /// @param names of the subjects, all when none is given
    /// @throws IllegalArgumentException for a name that is none
    public PtyBench(List<PtyWorkload> workloads, int seconds, List<String> names) {
        this.workloads = List.copyOf(workloads);
        this.subjects = PtySubject.named(names);
        this.keystrokes = seconds * KEYS_PER_SECOND;
    }

    /// Measures, and tells on standard error how far it is.
    public void run() throws IOException {
        var home = Files.createTempDirectory("sallyport-bench");
        try {
            var program = GoProgram.build(Files.createDirectory(home.resolve("program")), "terminals", SOURCES);
            for (var subject : subjects) {
                run(subject, Files.createDirectory(home.resolve(subject.key())), program);
            }
        } finally {
            Tools.output("rm", "-rf", home.toString());
        }
    }

    private void run(PtySubject subject, Path directory, Path program) throws IOException {
        progress(subject.key() + ": starting");
        try (var started = subject.start(directory, program)) {
            var measured = new Measured(started, program, keystrokes);
            for (var workload : workloads) {
                if (workload != PtyWorkload.TERMINALS || subject == PtySubject.SALLYPORT) {
                    run(subject, workload, measured);
                }
            }
        }
    }

    private void run(PtySubject subject, PtyWorkload workload, Measured measured) {
        var name = workload.key() + "." + subject.key();
        progress(name);
        try {
            measured.measure(workload).forEach((key, value) -> figures.put(name + "." + key, value));
        } catch (IOException e) {
            failures.add(name + ": " + e.getMessage());
            progress("FAILED " + failures.getLast());
        }
    }

    private static void progress(String text) {
        System.err.println(text);
    }

    /// By keys of the form `workload.subject.figure_unit`.
    public Map<String, Double> figures() {
        return figures;
    }

    /// What has no figures, and why.
    public List<String> failures() {
        return failures;
    }

    /// The figures for people.
    public String table() {
        return FigureTable.of(
                figures,
                workloads.stream().map(PtyWorkload::key).toList(),
                subjects.stream().map(PtySubject::key).toList());
    }
}
