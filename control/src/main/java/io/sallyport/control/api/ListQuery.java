package io.sallyport.control.api;

import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.control.store.SandboxStore.Position;
import io.sallyport.control.store.SandboxStore.Query;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The query of `GET /v2/sandboxes`. Pure. Source: reference/sandbox-api.md §2.5.
final class ListQuery {
    private static final int LIMIT_MAX = 100;

    private ListQuery() {}

    /// The query that the parameters spell.
    ///
    /// @param parameter a decoded query parameter by name, null where it is absent
    static Query parse(UUID team, Function<String, @Nullable String> parameter) {
        for (var name : List.of("metadata", "template", "nextToken")) {
            if (text(parameter.apply(name)).matches("(?s).*(\0|%00|%2500).*")) {
                throw new ApiException(400, name + ": a NUL character (expected: text without)");
            }
        }
        return new Query(
                team,
                states(parameter.apply("state")),
                metadata(parameter.apply("metadata")),
                text(parameter.apply("template")),
                instant("startedAfter", parameter.apply("startedAfter")),
                ascending(parameter.apply("order")),
                position(parameter.apply("nextToken")),
                limit(parameter.apply("limit")));
    }

    static String token(Position position) {
        var text = position.startedAt() + "|" + position.id();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Set<SandboxState> states(@Nullable String given) {
        var states = EnumSet.noneOf(SandboxState.class);
        for (var name : given == null || given.isEmpty() ? new String[] {"running", "paused"} : given.split(",", -1)) {
            for (var state : SandboxState.values()) {
                if (state.visible() && state.publicName().equals(name)) {
                    states.add(state);
                }
            }
            if (!name.equals("running") && !name.equals("paused")) {
                throw new ApiException(400, "state: " + name + " (expected: running, paused)");
            }
        }
        return states;
    }

    /// Pairs whose keys and values clients encode twice, before the whole is encoded once more.
    private static Map<String, String> metadata(@Nullable String given) {
        var pairs = new LinkedHashMap<String, String>();
        if (given == null || given.isEmpty()) {
            return pairs;
        }
        for (var pair : given.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new ApiException(400, "metadata: " + pair + " (expected: key=value)");
            }
            pairs.put(decode(decode(pair.substring(0, equals))), decode(decode(pair.substring(equals + 1))));
        }
        return pairs;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "metadata: " + text + " (expected: percent-encoded text)");
        }
    }

    private static boolean ascending(@Nullable String given) {
        return switch (text(given)) {
            case "", "desc" -> false;
            case "asc" -> true;
            default -> throw new ApiException(400, "order: " + given + " (expected: asc, desc)");
        };
    }

    private static int limit(@Nullable String given) {
        if (given == null) {
            return LIMIT_MAX;
        }
        if (!given.matches("[1-9][0-9]{0,2}") || Integer.parseInt(given) > LIMIT_MAX) {
            throw new ApiException(400, "limit: " + given + " (expected: 1-" + LIMIT_MAX + ")");
        }
        return Integer.parseInt(given);
    }

    private static @Nullable Position position(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int bar = text.indexOf('|');
            return new Position(parse(text.substring(0, Math.max(0, bar))), text.substring(bar + 1));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new ApiException(400, "nextToken: not one of ours");
        }
    }

    private static @Nullable Instant instant(String name, @Nullable String given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        try {
            return parse(given);
        } catch (DateTimeParseException e) {
            throw new ApiException(400, name + ": " + given + " (expected: a time like 2026-01-31T12:00:00Z)");
        }
    }

    /// A time that the database can hold.
    private static Instant parse(String text) {
        if (!text.matches("[0-9]{4}-.{6,30}")) {
            throw new DateTimeParseException("not a year of four digits", text, 0);
        }
        return Instant.parse(text);
    }

    private static String text(@Nullable String given) {
        return given == null ? "" : given;
    }
}
