package io.sallyport.kit.config;

import io.sallyport.kit.AddressBlock;
import io.sallyport.kit.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Settings by name, read one by one; each is documented by the call that reads it.
///
/// A name `limits.hold` is looked for among the flags, then in the environment as `SALLYPORT_LIMITS_HOLD`, then
/// in the file. When all are read, [#finish()] refuses what nobody asked for, so that a misspelt name is not
/// ignored.
///
/// - **Threads**: one.
/// - **Errors**: [ConfigException].
public final class Config {
    private static final String ENVIRONMENT = "SALLYPORT_";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final int SUGGESTION_DISTANCE_MAX = 4;

    private final Map<String, ConfigFile.Entry> entries;
    private final Map<String, String> environment;
    private final Map<String, String> known = new TreeMap<>();

    private Config(Map<String, ConfigFile.Entry> entries, Map<String, String> environment) {
        this.entries = entries;
        this.environment = environment;
    }

    /// Looks in all places.
    ///
    /// @param file null: none
    /// @param flags by the names of settings; they come before everything else
    public static Config of(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        var entries = file == null ? new LinkedHashMap<String, ConfigFile.Entry>() : ConfigFile.read(file);
        var fromFlags = new LinkedHashMap<>(entries);
        // A flag outranks the environment, so what it says is looked up first, under a name of its own.
        flags.forEach((name, value) -> fromFlags.put(flag(name), new ConfigFile.Entry(value, "--" + name)));
        return new Config(fromFlags, environment);
    }

    private static String flag(String name) {
        return "--" + name;
    }

    /// The text of a setting, whoever gave it.
    private Optional<ConfigFile.Entry> find(String name, String expected) {
        known.put(name, expected);
        var flag = entries.get(flag(name));
        if (flag != null) {
            return Optional.of(flag);
        }
        var variable =
                ENVIRONMENT + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        var value = environment.get(variable);
        if (value != null && !value.isEmpty()) {
            return Optional.of(new ConfigFile.Entry(value, variable));
        }
        return Optional.ofNullable(entries.get(name));
    }

    /// A setting that `parse` understands; it gives empty for what it does not.
    public <T> Optional<T> get(String name, String expected, Function<String, Optional<T>> parse) {
        return find(name, expected)
                .map(entry -> parse.apply(entry.value())
                        .orElseThrow(() -> new ConfigException(entry.where() + ": " + name + " = " + entry.value()
                                + " (expected: " + expected + ")")));
    }

    public Optional<String> text(String name, String expected) {
        return get(name, expected, Optional::of);
    }

    public int number(String name, int otherwise, int least, int most) {
        return get(name, least + " to " + most, text -> parseNumber(text, least, most))
                .orElse(otherwise);
    }

    /// `500ms`, `20s`, `5m`, `1h`, `2d`, or `0`.
    public Duration duration(String name, Duration otherwise) {
        return get(name, "a time such as 500ms, 20s, 5m or 1h, or 0", Config::parseDuration)
                .orElse(otherwise);
    }

    public Path path(String name, Path otherwise) {
        return get(
                        name,
                        "a path",
                        text -> Optional.of(Path.of(text).toAbsolutePath().normalize()))
                .orElse(otherwise);
    }

    /// One of the words of an enum, in lower case.
    public <E extends Enum<E>> E word(String name, E otherwise) {
        var constants = otherwise.getDeclaringClass().getEnumConstants();
        var words = Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
        return get(
                        name,
                        words,
                        text -> Arrays.stream(constants)
                                .filter(constant ->
                                        constant.name().toLowerCase(Locale.ROOT).equals(text))
                                .findFirst())
                .orElse(otherwise);
    }

    /// Parts between commas; an empty text is an empty list.
    public <T> Optional<List<T>> list(String name, String expected, Function<String, Optional<T>> parse) {
        return get(name, expected, text -> parseList(text, parse));
    }

    public List<AddressBlock> blocks(String name) {
        return list(name, "addresses and blocks such as 10.0.0.0/8, between commas", AddressBlock::parse)
                .orElse(List.of());
    }

    public Set<Port> ports(String name) {
        return Set.copyOf(
                list(name, "ports from 1 to 65535, between commas", Port::parse).orElse(List.of()));
    }

    /// Refuses settings of the file and flags that nobody read.
    public void finish() {
        for (var entry : entries.entrySet()) {
            var name = entry.getKey().startsWith("--") ? entry.getKey().substring(2) : entry.getKey();
            if (!known.containsKey(name)) {
                throw new ConfigException(entry.getValue().where() + ": " + name + " is no setting" + suggestion(name));
            }
        }
    }

    private String suggestion(String name) {
        return known.keySet().stream()
                .min((a, b) -> Integer.compare(distance(name, a), distance(name, b)))
                .filter(nearest -> distance(name, nearest) <= SUGGESTION_DISTANCE_MAX)
                .map(nearest -> " (did you mean " + nearest + "?)")
                .orElse(" (there is: " + String.join(", ", new TreeSet<>(known.keySet())) + ")");
    }

    /// Levenshtein's distance.
    static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static Optional<Integer> parseNumber(String text, int least, int most) {
        if (!text.matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        return number >= least && number <= most ? Optional.of((int) number) : Optional.empty();
    }

    static Optional<Duration> parseDuration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    private static <T> Optional<List<T>> parseList(String text, Function<String, Optional<T>> parse) {
        var parts = new ArrayList<T>();
        if (text.isBlank()) {
            return Optional.of(parts);
        }
        for (var part : text.split(",", -1)) {
            var parsed = parse.apply(part.strip());
            if (parsed.isEmpty()) {
                return Optional.empty();
            }
            parts.add(parsed.get());
        }
        return Optional.of(parts);
    }
}
