package io.sallyport.gateway;

import io.sallyport.gateway.forward.Forwarder;
import io.sallyport.gateway.host.HostRouter;
import io.sallyport.gateway.route.Routes;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/// The wiring of the gateway.
public final class Gateway implements Closeable {
    private final HttpServer server;

    private Gateway(HttpServer server) {
        this.server = server;
    }

    public static Gateway start(GatewayConfig config, Routes routes, SandboxDialer dialer) throws IOException {
        var router = new HostRouter(config.domains());
        var forwarder = new Forwarder(routes, dialer, config.control(), config.forward());
        var threads = Thread.ofVirtual().name("inbound-", 0).factory();
        return new Gateway(HttpServer.start(
                config.listen(),
                config.server(),
                threads,
                client -> forwarder.forward(client, router.route(client.request()))));
    }

    /// The first listening address.
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
