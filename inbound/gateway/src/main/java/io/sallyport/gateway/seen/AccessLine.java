package io.sallyport.gateway.seen;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.seen.Passage.Point;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/// The access log's line for a [Passage]: one JSON object. Pure.
final class AccessLine {
    private AccessLine() {}

    static String of(Passage passage) {
        var outcome = Objects.requireNonNull(passage.outcome(), "the passage has not ended");
        var line = new StringBuilder(512).append('{');
        text(line, "time", Instant.ofEpochMilli(passage.startedAtMillis()).toString());
        text(line, "trace", passage.trace().traceId());
        text(line, "span", passage.trace().spanId());
        text(line, "peer", passage.peer());
        text(line, "method", passage.method());
        text(line, "host", passage.host());
        text(line, "path", passage.path());
        if (passage.destination() instanceof Destination.Sandbox to) {
            text(line, "sandbox", to.id().text());
            number(line, "port", to.port().number());
        }
        text(line, "outcome", outcome.id());
        number(line, "status", passage.status());
        number(line, "bytes_to_app", passage.requestBytes());
        number(line, "bytes_to_client", passage.responseBytes());
        number(line, "attempts", passage.attempts());
        line.append("\"reused\":").append(passage.reused()).append(',');
        for (var point : Point.values()) {
            long nanos = passage.phaseNanos(point);
            if (nanos >= 0) {
                number(line, point.name().toLowerCase(Locale.ROOT) + "_ns", nanos);
            }
        }
        number(line, "total_ns", passage.totalNanos());
        line.setCharAt(line.length() - 1, '}');
        return line.append('\n').toString();
    }

    private static void text(StringBuilder line, String name, String value) {
        line.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f) {
                line.append("\\u00").append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                line.append(c);
            }
        }
        line.append("\",");
    }

    private static void number(StringBuilder line, String name, long value) {
        line.append('"').append(name).append("\":").append(value).append(',');
    }
}
