package io.sallyport.agent.rpc;

import io.sallyport.agent.inbound.PathMode;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostAgentServer;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.dial.Tunnel;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.FairThreads;
import io.sallyport.wire.net.Lane;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Serves the control plane and gateways over mutual TLS. What a caller may do follows from its certificate: a
/// gateway opens tunnels and asks what listens, the control plane does everything else.
///
/// - **Threads**: a virtual one for each tunnel; a platform one for each tunnel to a guest daemon and each caller.
/// - **Limits**: head within 10 s, idle 620 s between requests; a tunnel ends after [#TUNNEL_IDLE] without a
///   byte, which gateways do earlier.
public final class AgentServer implements Closeable, HttpServer.Handler {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration TUNNEL_IDLE = Duration.ofHours(24);
    private static final int CONNECTIONS_MAX = 100_000;
    private static final int HEADS_MAX = 4_096;
    private static final HttpServer.Config LIMITS = new HttpServer.Config(
            Duration.ofSeconds(10), Duration.ofSeconds(620), CONNECTIONS_MAX, HEADS_MAX, HttpLimits.DEFAULT);

    private final SandboxDialer dialer;
    private final HostAgentServer calls;
    private final RpcServer rpc = new RpcServer();
    private final PathMode paths;
    private final HttpServer server;

    private AgentServer(List<InetSocketAddress> listen, TlsIdentity identity, HostAgent host, SandboxDialer dialer)
            throws IOException {
        this.dialer = dialer;
        this.paths = new PathMode(dialer);
        this.calls = new HostAgentServer(host);
        calls.addTo(rpc);
        this.server = HttpServer.start(
                listen, LIMITS, FairThreads.builder().name("agent-", 0).factory(), identity::accept, this);
    }

    /// Starts listening.
    public static AgentServer start(
            List<InetSocketAddress> listen, TlsIdentity identity, HostAgent host, SandboxDialer dialer)
            throws IOException {
        return new AgentServer(listen, identity, host, dialer);
    }

    @Override
    public Optional<Lane> lane(RequestHead request) {
        if (request.method().equals("CONNECT")) {
            return Optional.of(
                    Tunnel.target(request).map(to -> Lane.of(to.port())).orElse(Lane.BULK));
        }
        return Optional.of(PathMode.isFor(request) ? Lane.BULK : Lane.INTERACTIVE);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var role = exchange.peerRole();
        boolean connect = exchange.request().method().equals("CONNECT");
        if (role.isEmpty() || role.get() == Role.AGENT) {
            exchange.refuse(403, "this certificate gives no right here");
        } else if (connect) {
            Tunnel.serve(exchange, dialer, CONNECT, TUNNEL_IDLE);
        } else if (PathMode.isFor(exchange.request())) {
            paths.handle(exchange);
        } else if (role.get() == Role.GATEWAY
                && !HostAgentServer.isForGateways(exchange.request().path())) {
            exchange.refuse(403, "a gateway may open tunnels and ask what listens");
        } else if (!rpc.handle(exchange) && !calls.handleTemplate(exchange)) {
            exchange.refuse(404, "there is no such method");
        }
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
