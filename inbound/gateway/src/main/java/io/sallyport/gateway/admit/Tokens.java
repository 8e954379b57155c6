package io.sallyport.gateway.admit;

import java.util.Optional;

/// Where a client shows the token of a signed link: in the query of an address that was sent to it, then in a
/// cookie. Finds it, and takes it out byte for byte. Pure.
public final class Tokens {
    public static final String QUERY = "sallyport-access";
    public static final String COOKIE = "__Host-sallyport-access";

    private Tokens() {}

    /// The token in the query of a request target.
    static Optional<String> inTarget(String target) {
        int at = parameter(target);
        return at < 0 ? Optional.empty() : Optional.of(target.substring(at + QUERY.length() + 1, end(target, at)));
    }

    /// The target without the token; with no query left, without its `?`.
    public static String withoutToken(String target) {
        var without = withoutFirst(target);
        return without.equals(target) ? target : withoutToken(without);
    }

    private static String withoutFirst(String target) {
        int at = parameter(target);
        if (at < 0) {
            return target;
        }
        int end = end(target, at);
        boolean more = end < target.length() && target.charAt(end) == '&';
        return more
                ? target.substring(0, at) + target.substring(end + 1)
                : target.substring(0, at - 1) + target.substring(end);
    }

    /// The token in the value of a `Cookie` header.
    static Optional<String> inCookie(String cookies) {
        for (var pair : cookies.split(";", -1)) {
            var trimmed = pair.strip();
            if (trimmed.startsWith(COOKIE + "=")) {
                return Optional.of(trimmed.substring(COOKIE.length() + 1));
            }
        }
        return Optional.empty();
    }

    /// The value of a `Cookie` header without our cookies; empty when nothing is left. The app's stay as they
    /// are.
    public static String withoutCookie(String cookies) {
        if (!cookies.contains(COOKIE + "=")) {
            return cookies;
        }
        var kept = new StringBuilder();
        for (var pair : cookies.split(";", -1)) {
            if (!pair.strip().startsWith(COOKIE + "=")) {
                kept.append(kept.isEmpty() ? pair.stripLeading() : ";" + pair);
            }
        }
        return kept.toString();
    }

    private static int parameter(String target) {
        int query = target.indexOf('?');
        int at = query;
        while (at >= 0) {
            if (target.startsWith(QUERY + "=", at + 1)) {
                return at + 1;
            }
            at = target.indexOf('&', at + 1);
        }
        return -1;
    }

    private static int end(String target, int parameter) {
        int end = target.indexOf('&', parameter);
        return end < 0 ? target.length() : end;
    }
}
