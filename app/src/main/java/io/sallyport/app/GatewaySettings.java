package io.sallyport.app;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sallyport.gateway.GatewayConfig;
import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.config.Config;
import io.sallyport.wire.http1.HttpServer;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The settings of a gateway.
final class GatewaySettings {
    private static final int DESCRIPTORS_RESERVED = 1024;
    private static final int CONNECTIONS_MIN = 64;
    private static final int COUNT_MAX = 10_000_000;
    private static final String NOWHERE = "off";
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    private GatewaySettings() {}

    /// Reads the settings.
    ///
    /// @param domain the one that sandboxes' addresses are shown under, without port; always served
    /// @param accessLog where the access log goes unless the settings say otherwise
    static GatewayConfig read(Config config, List<InetSocketAddress> listen, String domain, Path accessLog) {
        return new GatewayConfig(
                listen,
                domains(config, domain),
                config.blocks("ingress.trusted-proxies"),
                config.ports("ingress.reserved-ports"),
                server(config),
                new AccessLimits(
                        config.number("limits.sandbox-connections", AccessLimits.DEFAULT.connections(), 1, COUNT_MAX),
                        config.number(
                                "limits.sandbox-requests-per-second",
                                AccessLimits.DEFAULT.requestsPerSecond(),
                                0,
                                COUNT_MAX)),
                forward(config),
                metrics(config),
                accessLog(config, accessLog));
    }

    private static Optional<InetSocketAddress> metrics(Config config) {
        var said = config.text("metrics.listen", "ADDRESS:PORT, for example 127.0.0.1:9464, or off");
        return said.isEmpty() || said.get().equals(NOWHERE)
                ? Optional.empty()
                : config.get("metrics.listen", "ADDRESS:PORT, for example 127.0.0.1:9464, or off", Addresses::one);
    }

    private static Optional<Path> accessLog(Config config, Path otherwise) {
        var said = config.text("log.access", "a file, or off");
        return said.isPresent() && said.get().equals(NOWHERE)
                ? Optional.empty()
                : Optional.of(config.path("log.access", otherwise));
    }

    private static Map<String, Dialect> domains(Config config, String domain) {
        var dialect = config.word("ingress.refusals", Dialect.STANDARD);
        var more = names(config, "ingress.domains");
        var e2b = names(config, "ingress.e2b-domains");
        var domains = new HashMap<String, Dialect>();
        domains.put(domain.toLowerCase(Locale.ROOT), dialect);
        more.forEach(name -> domains.put(name, dialect));
        e2b.forEach(name -> domains.put(name, Dialect.E2B));
        return domains;
    }

    private static List<String> names(Config config, String setting) {
        return config.list(
                        setting,
                        "domain names without port, between commas",
                        text -> Optional.of(text.toLowerCase(Locale.ROOT))
                                .filter(name -> DOMAIN.matcher(name).matches()))
                .orElse(List.of());
    }

    /// Each connection can cost two descriptors, and the rest of the program needs some.
    private static HttpServer.Config server(Config config) {
        var defaults = HttpServer.Config.DEFAULT;
        int connections = defaults.connectionsMax();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long affordable = (unix.getMaxFileDescriptorCount() - DESCRIPTORS_RESERVED) / 2;
            connections = Math.clamp(affordable, CONNECTIONS_MIN, connections);
        }
        return new HttpServer.Config(
                config.duration("limits.client-head", defaults.headWait()),
                config.duration("limits.client-keep-alive", defaults.idle()),
                config.number("limits.connections", connections, 1, COUNT_MAX),
                config.number("limits.heads", defaults.headsMax(), 1, COUNT_MAX),
                defaults.limits());
    }

    private static ForwardLimits forward(Config config) {
        var defaults = ForwardLimits.DEFAULT;
        return new ForwardLimits(
                config.duration("limits.connect", defaults.connect()),
                config.duration("limits.hold", defaults.hold()),
                config.duration("limits.api-head", defaults.apiHead()),
                config.duration("limits.response-head", defaults.responseHead()),
                config.duration("limits.client-gone", defaults.clientGone()),
                config.duration("limits.idle", defaults.idle()),
                config.duration("limits.pool-idle", defaults.poolIdle()));
    }
}
