package io.sallyport.relay.boot;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Whether a relay is wanted here, from the environment alone. Pure.
public sealed interface Gates {
    String BASE_DEFAULT = "http://127.0.0.1:49984";

    /// The names of the variables.
    ///
    /// @param remote whether this is a sandbox at all
    /// @param upstreamProxy whether whoever made the sandbox wants the relay
    /// @param baseUrl where the egress gateway is
    /// @param required whether nothing may run without the relay
    /// @param transparent whether connections and names are redirected to the relay
    record Names(
            String remote,
            String upstreamProxy,
            String sessionId,
            String baseUrl,
            String required,
            String transparent) {
        public static final Names DEFAULT = new Names(
                "SALLYPORT_REMOTE",
                "SALLYPORT_UPSTREAM_PROXY",
                "SALLYPORT_SESSION_ID",
                "SALLYPORT_EGRESS_URL",
                "SALLYPORT_EGRESS_REQUIRED",
                "SALLYPORT_EGRESS_TRANSPARENT");

        /// All of them: they are for the relay, and not for processes beside it.
        public List<String> all() {
            return List.of(remote, upstreamProxy, sessionId, baseUrl, required, transparent);
        }
    }

    /// Nobody wants a relay.
    record Closed(String why) implements Gates {}

    /// A relay is wanted, and what it needs to know is missing or wrong.
    record Broken(String why, boolean required) implements Gates {}

    /// A relay is wanted.
    record Open(String sessionId, Base base, boolean required, boolean transparent) implements Gates {}

    Set<String> FALSE = Set.of("", "0", "false", "no", "off");

    static Gates of(Names names, Map<String, String> environment) {
        if (!truthy(environment, names.remote())) {
            return new Closed(names.remote() + " is not set");
        }
        if (!truthy(environment, names.upstreamProxy())) {
            return new Closed(names.upstreamProxy() + " is not set");
        }
        boolean required = truthy(environment, names.required());
        var sessionId = environment.getOrDefault(names.sessionId(), "").strip();
        if (sessionId.isEmpty()) {
            return new Broken(names.sessionId() + ": absent (expected: the sandbox's id)", required);
        }
        if (!printable(sessionId)) {
            return new Broken(names.sessionId() + ": not a sandbox's id", required);
        }
        var url = environment.getOrDefault(names.baseUrl(), "").strip();
        var base = Base.parse(url.isEmpty() ? BASE_DEFAULT : url);
        return base.<Gates>map(b -> new Open(sessionId, b, required, truthy(environment, names.transparent())))
                .orElseGet(() -> new Broken(names.baseUrl() + ": expected http://HOST:PORT", required));
    }

    /// Everything but nothing, `0`, `false`, `no` and `off`.
    static boolean truthy(Map<String, String> environment, String name) {
        return !FALSE.contains(environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT));
    }

    /// It becomes the user name of a Basic credential, which a colon would end.
    private static boolean printable(String sessionId) {
        return sessionId.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }
}
