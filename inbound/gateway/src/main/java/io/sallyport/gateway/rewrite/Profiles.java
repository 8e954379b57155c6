package io.sallyport.gateway.rewrite;

import io.sallyport.kit.Port;
import io.sallyport.rpc.route.HeaderProfile;
import java.util.Locale;
import java.util.Optional;

/// What `Host` and `Origin` become under a [HeaderProfile]. Pure.
public final class Profiles {
    private static final String PORT_PLACEHOLDER = "${PORT}";

    private Profiles() {}

    /// The `Host` the app gets.
    ///
    /// @param clientHost what the client said
    public static String host(HeaderProfile profile, String clientHost, Port port) {
        return switch (profile.host()) {
            case KEEP -> clientHost;
            case LOOPBACK -> "localhost:" + port;
            case CUSTOM -> profile.customHost().replace(PORT_PLACEHOLDER, port.toString());
        };
    }

    /// The `Origin` the app gets; empty: none.
    ///
    /// @param clientOrigin what the client said
    /// @param clientHost the `Host` that came with it: an origin of another site stays as it is, so that the
    /// app can refuse it
    public static Optional<String> origin(HeaderProfile profile, String clientOrigin, String clientHost, Port port) {
        return switch (profile.origin()) {
            case KEEP -> Optional.of(clientOrigin);
            case STRIP ->
                isOf(clientOrigin, clientHost) || profile.pinned() ? Optional.empty() : Optional.of(clientOrigin);
            case MATCH ->
                Optional.of(
                        isOf(clientOrigin, clientHost) ? "http://" + host(profile, clientHost, port) : clientOrigin);
        };
    }

    /// The `Referer` the app gets: it names the same place as `Host` does.
    public static String referer(HeaderProfile profile, String clientReferer, String clientHost, Port port) {
        int authority = clientReferer.indexOf("://");
        int path = authority < 0 ? -1 : clientReferer.indexOf('/', authority + 3);
        if (profile.host() != HeaderProfile.Host.LOOPBACK || path < 0) {
            return clientReferer;
        }
        return isOf(clientReferer.substring(0, path), clientHost)
                ? "http://" + host(profile, clientHost, port) + clientReferer.substring(path)
                : clientReferer;
    }

    /// What the app is told that the client called it: under a name of our own choice the whole request must
    /// agree, because some apps compare. A host that somebody chose is only a mask.
    public static String forwardedHost(HeaderProfile profile, String clientHost, Port port) {
        return profile.host() == HeaderProfile.Host.LOOPBACK ? host(profile, clientHost, port) : clientHost;
    }

    /// Whether an origin is the one of the host that came with it.
    public static boolean isOf(String origin, String host) {
        var lower = origin.toLowerCase(Locale.ROOT);
        int authority = lower.indexOf("://");
        return authority >= 0 && lower.substring(authority + 3).equals(host.toLowerCase(Locale.ROOT));
    }
}
