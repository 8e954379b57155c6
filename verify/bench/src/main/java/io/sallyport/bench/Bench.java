package io.sallyport.bench;

import io.sallyport.bench.inbound.IdleBench;
import io.sallyport.bench.inbound.InboundBench;
import io.sallyport.bench.inbound.InboundTable;
import io.sallyport.bench.inbound.Workload;
import io.sallyport.bench.outbound.OutboundBench;
import io.sallyport.bench.outbound.OutboundWorkload;
import io.sallyport.bench.pty.PtyBench;
import io.sallyport.bench.pty.PtyWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `bench NAME [--json FILE] ...`: a table for people, one flat JSON object for programs.
public final class Bench {
    private static final int SECONDS = 2;
    private static final int PTY_SECONDS = 10;
    private static final Set<String> WITH_OPTIONS = Set.of("inbound", "outbound", "pty");

    private Bench() {}

    public static void main(String[] args) throws Exception {
        try {
            var arguments = BenchArguments.parse(args);
            if (!WITH_OPTIONS.contains(arguments.name())
                    && (arguments.seconds().isPresent()
                            || !arguments.only().isEmpty()
                            || !arguments.subjects().isEmpty())) {
                throw new IllegalArgumentException(arguments.name() + " takes no option but --json");
            }
            switch (arguments.name()) {
                case "create" -> plain(arguments, new CreateBench().run());
                case "idle" -> plain(arguments, new IdleBench().run());
                case "inbound" -> {
                    if (!inbound(arguments)) {
                        System.exit(1);
                    }
                }
                case "outbound" -> {
                    if (!outbound(arguments)) {
                        System.exit(1);
                    }
                }
                case "pty" -> {
                    if (!pty(arguments)) {
                        System.exit(1);
                    }
                }
                default ->
                    throw new IllegalArgumentException(
                            arguments.name() + " (expected: create, idle, inbound, outbound, pty)");
            }
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void plain(BenchArguments arguments, Map<String, Double> measured) throws IOException {
        var figures = new TreeMap<>(measured);
        figures.forEach((key, value) -> System.out.printf(Locale.ROOT, "%-46s %10.1f%n", key, value));
        System.out.println("machine: " + machine());
        write(arguments, Map.of("machine", machine()), figures);
    }

    /// Whether every answer was as it should be.
    private static boolean inbound(BenchArguments arguments) throws Exception {
        var workloads = Workload.named(arguments.only());
        var length = Duration.ofSeconds(arguments.seconds().orElse(SECONDS));
        var hardware = machine();
        try (var bench = InboundBench.open(length, arguments.subjects())) {
            bench.run(workloads);
            var machine = hardware + ", " + bench.arrangement();
            System.out.print(InboundTable.of(bench.figures(), workloads, bench.subjects()));
            System.out.println("machine: " + machine);
            System.out.println("versions: " + bench.versions());
            write(arguments, Map.of("machine", machine, "versions", bench.versions()), bench.figures());
            bench.failures().forEach(failure -> System.err.println("bench: FAILED " + failure));
            return bench.failures().isEmpty();
        }
    }

    /// Whether every answer was as it should be.
    private static boolean outbound(BenchArguments arguments) throws Exception {
        var workloads = OutboundWorkload.named(arguments.only());
        var length = Duration.ofSeconds(arguments.seconds().orElse(SECONDS));
        var hardware = machine();
        try (var bench = OutboundBench.open(length, arguments.subjects())) {
            bench.run(workloads);
            var machine = hardware + ", " + bench.arrangement();
            System.out.print(bench.table(workloads));
            System.out.println("machine: " + machine);
            System.out.println("versions: " + bench.versions());
            write(arguments, Map.of("machine", machine, "versions", bench.versions()), bench.figures());
            bench.failures().forEach(failure -> System.err.println("bench: FAILED " + failure));
            return bench.failures().isEmpty();
        }
    }

    /// Whether everything could be measured.
    private static boolean pty(BenchArguments arguments) throws IOException {
        var bench = new PtyBench(
                PtyWorkload.named(arguments.only()), arguments.seconds().orElse(PTY_SECONDS), arguments.subjects());
        bench.run();
        System.out.print(bench.table());
        System.out.println("machine: " + machine());
        write(arguments, Map.of("machine", machine()), bench.figures());
        bench.failures().forEach(failure -> System.err.println("bench: FAILED " + failure));
        return bench.failures().isEmpty();
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + Runtime.version();
    }

    private static void write(BenchArguments arguments, Map<String, String> texts, Map<String, Double> figures)
            throws IOException {
        if (arguments.json().isPresent()) {
            Files.writeString(arguments.json().get(), json(texts, figures));
        }
    }

    private static String json(Map<String, String> texts, Map<String, Double> figures) {
        var members = new StringBuilder();
        new TreeMap<>(texts).forEach((key, value) -> members.append(",\"" + key + "\":\"" + value + "\""));
        figures.forEach(
                (key, value) -> members.append(",\"" + key + "\":" + String.format(Locale.ROOT, "%.3f", value)));
        return "{" + members.substring(1) + "}\n";
    }
}
