package io.sallyport.relay.boot;

import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.egress.EgressVariables;
import io.sallyport.wire.address.Destination;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether a relay is wanted here, from the environment alone ([EgressVariables]). Pure.
public sealed interface Gates {
    /// Nobody wants a relay.
    record Closed(String why) implements Gates {}

    /// A relay is wanted, and what it needs to know is missing or wrong.
    record Broken(String why, boolean required) implements Gates {}

    /// A relay is wanted.
    ///
    /// @param gateway where plain HTTP is spoken to it: TLS is the business of whoever carries the bytes on
    record Open(String sessionId, Destination gateway, boolean required, boolean transparent) implements Gates {}

    String URL_DEFAULT = "http://127.0.0.1:" + EgressPorts.DOOR;
    String SCHEME = "http://";
    int PORT_DEFAULT = 80;
    Set<String> FALSE = Set.of("", "0", "false", "no", "off");

    static Gates of(Map<String, String> environment) {
        if (!truthy(environment, EgressVariables.REMOTE)) {
            return new Closed(EgressVariables.REMOTE + " is not set");
        }
        if (!truthy(environment, EgressVariables.UPSTREAM_PROXY)) {
            return new Closed(EgressVariables.UPSTREAM_PROXY + " is not set");
        }
        boolean required = truthy(environment, EgressVariables.REQUIRED);
        var sessionId = environment.getOrDefault(EgressVariables.SESSION_ID, "").strip();
        if (sessionId.isEmpty()) {
            return new Broken(EgressVariables.SESSION_ID + ": absent (expected: the sandbox's id)", required);
        }
        if (!printable(sessionId)) {
            return new Broken(EgressVariables.SESSION_ID + ": not a sandbox's id", required);
        }
        var url = environment.getOrDefault(EgressVariables.URL, "").strip();
        boolean transparent = truthy(environment, EgressVariables.TRANSPARENT);
        return gateway(url.isEmpty() ? URL_DEFAULT : url)
                .<Gates>map(gateway -> new Open(sessionId, gateway, required, transparent))
                .orElseGet(() -> new Broken(EgressVariables.URL + ": expected http://HOST:PORT", required));
    }

    /// Reads `http://HOST[:PORT][/]`.
    static Optional<Destination> gateway(String url) {
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        int end = url.endsWith("/") ? url.length() - 1 : url.length();
        return Destination.parseAuthority(url.substring(SCHEME.length(), Math.max(SCHEME.length(), end)), PORT_DEFAULT);
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
