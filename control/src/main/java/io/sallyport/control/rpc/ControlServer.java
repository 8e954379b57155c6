package io.sallyport.control.rpc;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.RoutesServer;
import io.sallyport.wire.dial.Tunnel;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairThreads;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/// Serves gateways over mutual TLS: routes by RPC, and tunnels to the API's loopback port (`CONNECT api:80`).
///
/// - **Threads**: a virtual one for each connection.
public final class ControlServer implements Closeable {
    private static final String API = "api:80";
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration TUNNEL_IDLE = Duration.ofHours(1);

    private final RpcServer rpc = new RpcServer();
    private final InetSocketAddress api;
    private final HttpServer server;

    private ControlServer(List<InetSocketAddress> listen, TlsIdentity identity, Routes routes, InetSocketAddress api)
            throws IOException {
        this.api = api;
        new RoutesServer(routes).addTo(rpc);
        this.server = HttpServer.start(
                listen,
                HttpServer.Config.DEFAULT,
                FairThreads.builder().name("control-", 0).factory(),
                identity::accept,
                this::handle);
    }

    /// Starts listening.
    ///
    /// @param api where the API listens
    public static ControlServer start(
            List<InetSocketAddress> listen, TlsIdentity identity, Routes routes, InetSocketAddress api)
            throws IOException {
        return new ControlServer(listen, identity, routes, api);
    }

    private void handle(Exchange exchange) throws IOException {
        if (exchange.peerRole().filter(Role.GATEWAY::equals).isEmpty()) {
            exchange.refuse(403, "this certificate gives no right here");
        } else if (exchange.request().method().equals("CONNECT")) {
            connect(exchange);
        } else if (!rpc.handle(exchange)) {
            exchange.refuse(404, "there is no such method");
        }
    }

    private void connect(Exchange exchange) throws IOException {
        if (!exchange.request().target().equals(API)) {
            exchange.refuse(404, "there is only " + API + " here");
            return;
        }
        Connection connection;
        try {
            connection = SocketConnection.connect(SocketChannel.open(), api, Deadline.after(CONNECT));
        } catch (IOException e) {
            exchange.refuse(503, "the API does not answer");
            return;
        }
        Tunnel.join(exchange, connection, TUNNEL_IDLE);
    }

    /// The first listening address.
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
