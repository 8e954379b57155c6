package io.sallyport.rpc.egress.policy;

import static io.sallyport.rpc.egress.policy.PolicyException.at;
import static io.sallyport.rpc.egress.policy.PolicyException.quoted;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Which headers a policy may set. Pure.
final class HeaderRules {
    static final int HEADERS_MAX = 20;
    static final int NAME_MAX = 64;
    static final int VALUE_MAX = 2048;
    static final int SECRETS_MAX = 32;

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /// What says where a message ends, whom it is for, or what the connection does.
    private static final Set<String> NOT_SET = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final String PROXY_PREFIX = "proxy-";

    private HeaderRules() {}

    static void check(String where, Map<String, String> headers) throws PolicyException {
        if (headers.size() > HEADERS_MAX) {
            throw at(where, headers.size() + " headers", "at most " + HEADERS_MAX);
        }
        var names = new LinkedHashSet<String>();
        var secrets = new LinkedHashSet<String>();
        for (var header : headers.entrySet()) {
            var name = header.getKey();
            checkName(where, name);
            if (!names.add(folded(name))) {
                throw at(where, quoted(name) + " again", "each name once, whatever its case, _ or -");
            }
            secrets.addAll(secrets(where + "[" + quoted(name) + "]", header.getValue()));
        }
        if (secrets.size() > SECRETS_MAX) {
            throw at(where, secrets.size() + " secrets", "at most " + SECRETS_MAX);
        }
    }

    private static void checkName(String where, String name) throws PolicyException {
        boolean token = name.length() <= NAME_MAX && NAME.matcher(name).matches();
        var folded = folded(name);
        if (!token || NOT_SET.contains(folded) || folded.startsWith(PROXY_PREFIX)) {
            throw at(where, quoted(name), "the name of an end-to-end header, of at most " + NAME_MAX + " characters");
        }
    }

    /// Many servers take `_` for `-`.
    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Set<String> secrets(String where, String value) throws PolicyException {
        if (value.length() > VALUE_MAX) {
            throw at(where, value.length() + " characters", "at most " + VALUE_MAX);
        }
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 127) || (c >= 160 && c < 256))) {
            throw at(where, "a character that no header can have", "printable ISO 8859-1");
        }
        try {
            return Placeholders.names(value);
        } catch (PolicyException e) {
            throw new PolicyException(where + ": " + e.getMessage());
        }
    }
}
