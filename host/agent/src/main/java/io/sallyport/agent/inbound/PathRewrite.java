package io.sallyport.agent.inbound;

import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import java.util.ArrayList;
import java.util.Locale;

/// Puts what an app says of places behind the prefix it was reached under: `Location`, `Content-Location` and
/// the `Path` of cookies. What has the prefix already keeps it once. Pure.
final class PathRewrite {
    private PathRewrite() {}

    static Headers apply(Headers appHeaders, PathMode.Place place) {
        var lines = new ArrayList<Header>(appHeaders.size());
        for (var line : appHeaders) {
            if (line.is("Location") || line.is("Content-Location")) {
                lines.add(new Header(line.name(), location(line.value(), place)));
            } else if (line.is("Set-Cookie")) {
                lines.add(new Header(line.name(), cookie(line.value(), place.prefix())));
            } else if (!line.is("Service-Worker-Allowed")) { // it would let one sandbox's worker serve others
                lines.add(line);
            }
        }
        return Headers.of(lines);
    }

    private static String location(String value, PathMode.Place place) {
        var loopback = "//localhost:" + place.to().port();
        var local = value.regionMatches(true, 0, "http:" + loopback, 0, loopback.length() + 5)
                ? value.substring(loopback.length() + 5)
                : value;
        if (!local.equals(value)) {
            return isPathOrEnd(local) ? prefixed(local.startsWith("/") ? local : "/" + local, place.prefix()) : value;
        }
        return value.startsWith("/") && !value.startsWith("//") ? prefixed(value, place.prefix()) : value;
    }

    private static boolean isPathOrEnd(String rest) {
        return rest.isEmpty() || "/?#".indexOf(rest.charAt(0)) >= 0;
    }

    private static String prefixed(String path, String prefix) {
        boolean has = path.startsWith(prefix)
                && (path.length() == prefix.length() || "/?#".indexOf(path.charAt(prefix.length())) >= 0);
        return has ? path : prefix + path;
    }

    private static String cookie(String value, String prefix) {
        var result = new StringBuilder();
        for (var part : value.split(";", -1)) {
            var trimmed = part.strip();
            if (!result.isEmpty()) {
                result.append(';');
            }
            int equals = trimmed.indexOf('=');
            boolean path = !result.isEmpty()
                    && equals > 0
                    && trimmed.substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals("path");
            var said = path ? trimmed.substring(equals + 1).strip() : "";
            result.append(path && said.startsWith("/") ? " Path=" + prefixed(said, prefix) : part);
        }
        return result.toString();
    }
}
