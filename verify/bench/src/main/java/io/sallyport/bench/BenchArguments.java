package io.sallyport.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The arguments of `bin/bench`, which may repeat none.
///
/// @param seconds of one measurement
/// @param only names of workloads; none given: all
/// @param subjects names of those to compare; none given: all
record BenchArguments(
        String name, Optional<Path> json, Optional<Integer> seconds, List<String> only, List<String> subjects) {
    private static final int SECONDS_MAX = 60;

    BenchArguments {
        only = List.copyOf(only);
        subjects = List.copyOf(subjects);
    }

    /// Reads them.
    ///
    /// @throws IllegalArgumentException with what was expected
    static BenchArguments parse(String... args) {
        if (args.length == 0) {
            throw new IllegalArgumentException("no name (expected: create, idle, inbound, outbound, pty)");
        }
        var parsed = new BenchArguments(args[0], Optional.empty(), Optional.empty(), List.of(), List.of());
        for (int i = 1; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + ": no value");
            }
            parsed = parsed.with(args[i], args[i + 1]);
        }
        return parsed;
    }

    private BenchArguments with(String option, String value) {
        return switch (option) {
            case "--json" -> new BenchArguments(name, Optional.of(Path.of(value)), seconds, only, subjects);
            case "--seconds" -> new BenchArguments(name, json, Optional.of(seconds(value)), only, subjects);
            case "--only" -> new BenchArguments(name, json, seconds, list(value), subjects);
            case "--subjects" -> new BenchArguments(name, json, seconds, only, list(value));
            default ->
                throw new IllegalArgumentException(option + " (expected: --json, --seconds, --only, --subjects)");
        };
    }

    private static List<String> list(String value) {
        return List.of(value.split(",", -1));
    }

    private static int seconds(String text) {
        if (text.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= SECONDS_MAX) {
                return number;
            }
        }
        throw new IllegalArgumentException("--seconds: " + text + " (expected: 1-" + SECONDS_MAX + ")");
    }
}
