package io.sallyport.control.api;

import io.sallyport.control.api.Messages.LogEntry;
import io.sallyport.control.api.Messages.LogLine;
import io.sallyport.control.api.Messages.Logs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The guest daemon's log as the API shows it. Pure.
///
/// The daemon's own lines start with their time. What a command wrote has none and gets that of the line before it.
final class LogLines {
    private LogLines() {}

    static Logs of(byte[] log, Instant startedAt, int limit) {
        var lines = new ArrayList<LogLine>();
        var entries = new ArrayList<LogEntry>();
        var time = startedAt;
        for (var text : new String(log, StandardCharsets.UTF_8).lines().toList()) {
            int space = text.indexOf(' ');
            Optional<Instant> own = space < 0 ? Optional.empty() : time(text.substring(0, space));
            time = own.orElse(time);
            var message = own.isPresent() ? text.substring(space + 1) : text;
            lines.add(new LogLine(time.toString(), message));
            entries.add(new LogEntry(time.toString(), message, "info", Map.of()));
        }
        return new Logs(newest(lines, limit), newest(entries, limit));
    }

    private static <T> List<T> newest(List<T> all, int limit) {
        return List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size()));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
