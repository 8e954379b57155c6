package io.sallyport.egress.inject;

import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.wire.http1.NameSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the headers of transforms say literally: whoever writes a key there instead of a secret's name does not want
/// to see it in a sandbox either. Pure.
final class Literals {
    /// Shorter ones stand in answers by chance.
    static final int CHARS_MIN = 8;

    private static final String TEMPLATE = "${";
    private static final List<String> PREFIXES = List.of("bearer ", "basic ", "token ", "key ", "apikey ", "bot ");

    /// What these say is no secret, and stands in answers all the time.
    private static final NameSet OPEN = NameSet.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "content-language",
            "content-type",
            "origin",
            "pragma",
            "prefer",
            "referer",
            "user-agent",
            "x-requested-with");

    private static final String VERSION = "version";

    private Literals() {}

    /// The values without a secret in them, each without what says how it is meant.
    static List<String> of(List<Transform> transforms) {
        var literals = new ArrayList<String>();
        for (var transform : transforms) {
            transform.headers().forEach((name, value) -> {
                if (!isOpen(name) && !value.contains(TEMPLATE)) {
                    var bare = bare(value);
                    if (bare.length() >= CHARS_MIN) {
                        literals.add(bare);
                    }
                }
            });
        }
        return literals;
    }

    private static boolean isOpen(String name) {
        return OPEN.contains(name) || name.toLowerCase(Locale.ROOT).endsWith(VERSION);
    }

    private static String bare(String value) {
        var stripped = value.strip();
        var folded = stripped.toLowerCase(Locale.ROOT);
        return PREFIXES.stream()
                .filter(folded::startsWith)
                .findFirst()
                .map(prefix -> stripped.substring(prefix.length()).strip())
                .orElse(stripped);
    }
}
