package io.sallyport.bench.outbound;

import io.sallyport.bench.Proc;
import io.sallyport.bench.Processors;
import io.sallyport.bench.outbound.OutboundWorkload.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Loads one subject and reads off what that took.
///
/// @param program origin and load
record Meter(Path program, Origin origin, Processors processors) {
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final double NANOS = 1e9;
    private static final double GB = 1e9;
    private static final double MB = 1e6;
    private static final double MILLIS = 1e3;
    private static final double KIB_PER_MIB = 1024;

    /// Clocks of processor time.
    private record Clocks(long nanos, double subjectMs, double oursMs, double busyMs) {}

    /// What a phase took.
    ///
    /// @param othersPercent what whoever is neither subject, load nor origin took of one processor
    private record Phase(Map<String, Double> counted, double seconds, double cpuMs, double othersPercent) {
        double get(String name) throws IOException {
            var value = counted.get(name);
            if (value == null) {
                throw new IOException("the load does not say " + name);
            }
            return value;
        }
    }

    /// One measurement: figures by their names.
    ///
    /// @param round for names that nobody has asked for before it
    /// @throws IOException when a single answer was not as it should be
    Map<String, Double> measure(RunningSubject subject, Kind kind, Duration length, int round) throws IOException {
        try (var load = Load.start(command(subject, kind, kind == Kind.SLOW ? SLOW : length, round))) {
            return switch (kind) {
                case CONN, NAMES -> connections(phase(subject, load));
                case KEPT -> requests(phase(subject, load));
                case BULK -> bulk(phase(subject, load), subject);
                case MINT -> minted(subject, load);
                case IDLE -> idle(subject, load);
                case SLOW -> slow(subject, load);
                case LATENCY -> latency(phase(subject, load));
            };
        }
    }

    private List<String> command(RunningSubject subject, Kind kind, Duration length, int round) {
        return List.of(
                "env",
                "GOMAXPROCS=1",
                program.toString(),
                "-mode",
                "load",
                "-kind",
                kind.key(),
                "-entry",
                "127.0.0.1:" + subject.site().port(),
                "-connect=" + subject.subject().speaksConnect(),
                "-ca",
                subject.trusted().toString(),
                "-origin",
                "127.0.0.1:" + origin.port(),
                "-origin-ca",
                origin.authority().toString(),
                "-prefix",
                Names.prefix(round),
                "-names",
                Integer.toString(kind == Kind.NAMES ? Names.WARM_UP : Names.NEW),
                "-parallel",
                Integer.toString(kind.parallel()),
                "-length",
                length.toMillis() + "ms");
    }

    private Phase phase(RunningSubject subject, Load load) throws IOException {
        var before = read(subject, load);
        var counted = load.phase();
        var after = read(subject, load);
        double seconds = (after.nanos - before.nanos) / NANOS;
        double cpuMs = after.subjectMs - before.subjectMs;
        double othersMs = Math.max(0, after.busyMs - before.busyMs - cpuMs - (after.oursMs - before.oursMs));
        return new Phase(counted, seconds, cpuMs, othersMs / seconds / 10);
    }

    private Clocks read(RunningSubject subject, Load load) throws IOException {
        double oursMs = Proc.cpuMs(load.pid())
                + Proc.cpuMs(origin.pid())
                + Proc.cpuMs(ProcessHandle.current().pid());
        return new Clocks(System.nanoTime(), subject.processes().cpuMs(), oursMs, processors.busyMs());
    }

    private static Map<String, Double> connections(Phase phase) throws IOException {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("cpu_ms_per_conn", phase.cpuMs / phase.get("answers"));
        figures.put("conn_per_s", phase.get("answers") / phase.seconds);
        return withLatency(figures, phase);
    }

    private static Map<String, Double> requests(Phase phase) throws IOException {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("cpu_us_per_request", phase.cpuMs * MILLIS / phase.get("answers"));
        figures.put("rps", phase.get("answers") / phase.seconds);
        return withLatency(figures, phase);
    }

    private static Map<String, Double> withLatency(Map<String, Double> figures, Phase phase) throws IOException {
        figures.put("p50_ms", phase.get("p50_ms"));
        figures.put("p99_ms", phase.get("p99_ms"));
        figures.put("others_pct", phase.othersPercent);
        return figures;
    }

    private static Map<String, Double> bulk(Phase phase, RunningSubject subject) throws IOException {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("cpu_s_per_gb", phase.cpuMs / MILLIS / (phase.get("bytes") / GB));
        figures.put("mb_per_s", phase.get("bytes") / MB / phase.seconds);
        figures.put("rss_mib", subject.processes().rssMib());
        figures.put("others_pct", phase.othersPercent);
        return figures;
    }

    /// What a connection takes under a new name, less what it takes under the same name again.
    private Map<String, Double> minted(RunningSubject subject, Load load) throws IOException {
        var first = phase(subject, load);
        load.awaitReady();
        var again = phase(subject, load);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("ms", first.get("p50_ms") - again.get("p50_ms"));
        figures.put("cpu_ms", (first.cpuMs - again.cpuMs) / first.get("answers"));
        figures.put("first_p50_ms", first.get("p50_ms"));
        figures.put("again_p50_ms", again.get("p50_ms"));
        figures.put("others_pct", Math.max(first.othersPercent, again.othersPercent));
        return figures;
    }

    private static Map<String, Double> idle(RunningSubject subject, Load load) throws IOException {
        double before = subject.processes().rssMib();
        double tunnels = load.phase().getOrDefault("tunnels", 0.0);
        double after = subject.processes().rssMib();
        load.awaitReady();
        load.phase();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("kib_per_tunnel", (after - before) * KIB_PER_MIB / tunnels);
        figures.put("rss_mib", after);
        return figures;
    }

    private static Map<String, Double> slow(RunningSubject subject, Load load) throws IOException {
        double before = subject.processes().rssMib();
        load.phase();
        return Map.of("rss_growth_mib", subject.processes().rssMib() - before);
    }

    /// What a request waits longer than directly.
    private static Map<String, Double> latency(Phase phase) throws IOException {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("added_p50_ms", phase.get("p50_ms") - phase.get("direct_p50_ms"));
        figures.put("added_p99_ms", phase.get("p99_ms") - phase.get("direct_p99_ms"));
        figures.put("direct_p99_ms", phase.get("direct_p99_ms"));
        figures.put("others_pct", phase.othersPercent);
        return figures;
    }
}
