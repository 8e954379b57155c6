package io.sallyport.rpc.egress.policy;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// `${e2b.secrets.NAME}` in the value of a header. Pure.
///
/// A name is 1 to 64 of `A-Z a-z 0-9 _ . -`. Whatever else starts with `${` is refused, because it would be sent as
/// it stands. What is filled in is not looked at again.
public final class Placeholders {
    private static final String OPENING = "${";
    private static final String IDENTITY = "${e2b.identity.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{e2b\\.secrets\\.(" + NAME.pattern() + ")}");

    private Placeholders() {}

    /// Whether a secret may be called so.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// The names in a value, each once, in their order.
    public static Set<String> names(String value) throws PolicyException {
        var names = new LinkedHashSet<String>();
        fill(value, name -> {
            names.add(name);
            return Optional.of("");
        });
        return names;
    }

    /// The value with every placeholder replaced; empty when `secrets` does not know one of them.
    public static Optional<String> fill(String value, Function<String, Optional<String>> secrets)
            throws PolicyException {
        var filled = new StringBuilder(value.length());
        var matcher = PLACEHOLDER.matcher(value);
        int copied = 0;
        boolean known = true;
        for (int at = value.indexOf(OPENING); at >= 0; at = value.indexOf(OPENING, copied)) {
            if (!matcher.region(at, value.length()).lookingAt()) {
                throw malformed(value, at);
            }
            var secret = secrets.apply(matcher.group(1));
            known &= secret.isPresent();
            filled.append(value, copied, at).append(secret.orElse(""));
            copied = matcher.end();
        }
        return known ? Optional.of(filled.append(value, copied, value.length()).toString()) : Optional.empty();
    }

    /// The value with whatever is no placeholder replaced by `mask`, each stretch once; never fails.
    public static String masked(String value, String mask) {
        var masked = new StringBuilder();
        var matcher = PLACEHOLDER.matcher(value);
        int shown = 0;
        while (matcher.find()) {
            masked.append(matcher.start() > shown ? mask : "").append(matcher.group());
            shown = matcher.end();
        }
        return masked.append(value.length() > shown ? mask : "").toString();
    }

    private static PolicyException malformed(String value, int at) {
        var what =
                value.startsWith(IDENTITY, at) ? "identity tokens, which do not exist here" : "a malformed placeholder";
        return PolicyException.at("character " + at, what, "${e2b.secrets.NAME}");
    }
}
