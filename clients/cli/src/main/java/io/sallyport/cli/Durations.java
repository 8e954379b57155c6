package io.sallyport.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Durations as people write them: `90s`, `15m`, `2h`, or a number of seconds.
final class Durations implements ITypeConverter<Duration> {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,7})([smh]?)");

    @Override
    public Duration convert(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' (expected: for example 90s, 15m or 2h)");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /// How long ago something was, `-` when it never was.
    ///
    /// @param instant as the API writes it
    static String ago(@Nullable String instant, Instant now) {
        return instant == null ? "-" : shortText(Duration.between(Instant.parse(instant), now)) + " ago";
    }

    /// The largest unit that says enough: `4m`, `2h`.
    static String shortText(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        return seconds < 7200 ? seconds / 60 + "m" : seconds / 3600 + "h";
    }
}
