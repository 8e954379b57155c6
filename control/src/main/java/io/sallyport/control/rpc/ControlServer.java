package io.sallyport.control.rpc;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.RoutesServer;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.dial.Tunnel;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.ResponseHead;
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

/// Serves other programs over mutual TLS. What a caller may do follows from its certificate: a gateway asks for
/// routes by RPC and opens tunnels to the API's loopback port (`CONNECT api:80`); an agent opens tunnels from a
/// sandbox to the egress gateway (`CONNECT cl-…:49984`).
///
/// - **Threads**: a virtual one for each connection.
public final class ControlServer implements Closeable {
    private static final String API = "api:80";
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration TUNNEL_IDLE = Duration.ofHours(1);

    private final RpcServer rpc = new RpcServer();
    private final InetSocketAddress api;
    private final EgressDoor egress;
    private final HttpServer server;

    private ControlServer(
            List<InetSocketAddress> listen,
            TlsIdentity identity,
            Routes routes,
            InetSocketAddress api,
            EgressDoor egress)
            throws IOException {
        this.api = api;
        this.egress = egress;
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
    /// @param egress where connections out of sandboxes are handed to
    public static ControlServer start(
            List<InetSocketAddress> listen,
            TlsIdentity identity,
            Routes routes,
            InetSocketAddress api,
            EgressDoor egress)
            throws IOException {
        return new ControlServer(listen, identity, routes, api, egress);
    }

    private void handle(Exchange exchange) throws IOException {
        var role = exchange.peerRole();
        boolean connect = exchange.request().method().equals("CONNECT");
        if (role.filter(Role.AGENT::equals).isPresent() && connect) {
            takeOutgoing(exchange);
        } else if (role.filter(Role.GATEWAY::equals).isEmpty()) {
            exchange.refuse(403, "this certificate gives no right here");
        } else if (connect) {
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

    /// The agent knows whose connection it is. That the sandbox may use it, its token says later.
    private void takeOutgoing(Exchange exchange) throws IOException {
        var from =
                Tunnel.target(exchange.request()).filter(target -> target.port().number() == EgressPorts.DOOR);
        if (from.isEmpty()) {
            exchange.refuse(400, "the target is no sandbox and the port of its door");
            return;
        }
        egress.take(from.get().sandbox(), exchange.takeOver(ResponseHead.of(200, Headers.EMPTY)));
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
