package io.sallyport.gateway;

import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.AddressBlock;
import io.sallyport.kit.Port;
import io.sallyport.wire.http1.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How a gateway runs. The names in brackets are settings.
///
/// @param listen public addresses (`ingress.listen`)
/// @param domains what sandbox hosts end with, without port, in lower case, and how refusals are worded there
/// (`ingress.domains`, `ingress.refusals`)
/// @param trustedProxies whose `X-Forwarded-*` are believed (`ingress.trusted-proxies`)
/// @param reservedPorts are never public (`ingress.reserved-ports`)
/// @param metrics where Prometheus is answered (`metrics.listen`); empty: nowhere
/// @param accessLog a file (`log.access`); empty: none
public record GatewayConfig(
        List<InetSocketAddress> listen,
        Map<String, Dialect> domains,
        List<AddressBlock> trustedProxies,
        Set<Port> reservedPorts,
        HttpServer.Config server,
        AccessLimits access,
        ForwardLimits forward,
        Optional<InetSocketAddress> metrics,
        Optional<Path> accessLog) {
    public GatewayConfig {
        listen = List.copyOf(listen);
        domains = Map.copyOf(domains);
        trustedProxies = List.copyOf(trustedProxies);
        reservedPorts = Set.copyOf(reservedPorts);
    }
}
