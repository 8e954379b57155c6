package io.sallyport.egress.tunnel;

import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.dial.Upstream;
import io.sallyport.egress.intercept.InterceptionAuthority;
import io.sallyport.egress.intercept.Interceptor;
import io.sallyport.egress.intercept.LeafTls;
import io.sallyport.egress.intercept.UpstreamTls;
import io.sallyport.egress.session.Sessions;
import io.sallyport.kit.Closer;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairThreads;
import java.io.Closeable;
import java.time.Duration;

/// The parts of a tunnel, put together.
///
/// - **Closes**: [#close()] cuts every tunnel, and waits [#END_WAIT] at most for the last words about them.
public final class Tunnels implements Closeable {
    private static final Duration HEAD_WAIT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration END_WAIT = Duration.ofSeconds(2);
    private static final int CONNECTIONS_MAX = 50_000;
    private static final int HEADS_MAX = 16_384;

    private final Closer closer = new Closer();
    private final HttpServer server;
    private final TunnelEndpoint endpoint;

    /// Puts them together.
    ///
    /// @param idle how long a tunnel may be quiet
    public Tunnels(
            Sessions sessions,
            Upstream upstream,
            UpstreamTls tls,
            InterceptionAuthority authority,
            AuditLog audit,
            Duration idle) {
        var leaves = new LeafTls(authority);
        var interceptor = closer.register(new Interceptor(leaves));
        var canary = closer.register(new Canary(leaves));
        var threads = FairThreads.builder().name("egress-", 0).factory();
        this.server = closer.register(HttpServer.withoutListeners(
                new HttpServer.Config(HEAD_WAIT, IDLE, CONNECTIONS_MAX, HEADS_MAX, HttpLimits.DEFAULT), threads));
        var router = new Router(sessions, upstream, tls);
        var carrier = new Carrier(sessions, router, interceptor, audit, idle);
        var connector = new Connector(sessions, router, carrier, canary, audit);
        this.endpoint = new TunnelEndpoint(sessions, connector, audit, authority.certificatePem(), threads);
    }

    /// Takes a connection that came out of a sandbox, and returns at once.
    public void take(SandboxId sandbox, Connection connection) {
        endpoint.take(server, sandbox, connection);
    }

    @Override
    public void close() {
        closer.close();
        endpoint.awaitEnd(END_WAIT);
    }
}
