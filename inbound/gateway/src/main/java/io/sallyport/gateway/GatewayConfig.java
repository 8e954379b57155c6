package io.sallyport.gateway;

import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.wire.http1.HttpServer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/// How a gateway runs.
///
/// @param listen public addresses
/// @param domains what sandbox hosts end with, without port, in lower case
/// @param control where the control plane's API listens
public record GatewayConfig(
        List<InetSocketAddress> listen,
        Set<String> domains,
        InetSocketAddress control,
        HttpServer.Config server,
        ForwardLimits forward) {
    public GatewayConfig {
        listen = List.copyOf(listen);
        domains = Set.copyOf(domains);
    }
}
