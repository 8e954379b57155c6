package io.sallyport.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// `bench NAME [--json FILE]`: a table for people, one flat JSON object for programs.
public final class Bench {
    private Bench() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1 && !(args.length == 3 && args[1].equals("--json"))) {
            System.err.println("bench: expected NAME [--json FILE]; there is: create");
            System.exit(2);
        }
        if (!args[0].equals("create")) {
            System.err.println("bench: " + args[0] + " (expected: create)");
            System.exit(2);
        }
        var figures = new TreeMap<String, Double>(new CreateBench().run());
        figures.forEach((key, value) -> System.out.printf(Locale.ROOT, "%-46s %10.1f%n", key, value));
        System.out.println(machine());
        if (args.length == 3) {
            Files.writeString(Path.of(args[2]), json(figures));
        }
    }

    private static String machine() {
        return "machine: " + Runtime.getRuntime().availableProcessors() + " processors, "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + Runtime.version();
    }

    private static String json(Map<String, Double> figures) {
        var text = new StringBuilder("{\"machine\":\"")
                .append(machine().substring("machine: ".length()))
                .append('"');
        figures.forEach((key, value) ->
                text.append(",\"").append(key).append("\":").append(String.format(Locale.ROOT, "%.2f", value)));
        return text.append("}\n").toString();
    }
}
