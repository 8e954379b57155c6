package io.sallyport.gateway;

import io.sallyport.gateway.admit.Admission;
import io.sallyport.gateway.admit.SandboxLimits;
import io.sallyport.gateway.forward.AppExchange;
import io.sallyport.gateway.forward.Forwarder;
import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.host.HostRouter;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refusal;
import io.sallyport.gateway.route.RouteCache;
import io.sallyport.gateway.seen.AccessLog;
import io.sallyport.gateway.seen.Activity;
import io.sallyport.gateway.seen.GatewayMetrics;
import io.sallyport.gateway.seen.MetricsServer;
import io.sallyport.gateway.seen.Passage;
import io.sallyport.gateway.seen.TraceContext;
import io.sallyport.kit.Closer;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Routes;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.FairThreads;
import io.sallyport.wire.net.Lane;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The wiring of the gateway.
///
/// - **Closes**: [#drain] first where answers under way shall come to their end; [#close()] cuts what is left.
public final class Gateway implements Closeable, HttpServer.Handler {
    private final Closer closer = new Closer();
    private final HostRouter router;
    private final Forwarder forwarder;
    private final GatewayMetrics metrics = new GatewayMetrics();
    private final Activity activity;
    private final @Nullable AccessLog log;
    private final HttpServer server;
    private final Optional<InetSocketAddress> metricsAddress;

    private Gateway(GatewayConfig config, Routes control, SandboxDialer dialer, Forwarder.ControlDialer api)
            throws IOException {
        try {
            router = new HostRouter(config.domains());
            var pools = new Pools();
            var routes = new RouteCache(control, pools::evict);
            var apps =
                    closer.register(new AppExchange(dialer, routes, control, config.forward(), config.reservedPorts()));
            pools.apps = apps;
            var admission = new Admission(control, config.reservedPorts());
            closer.register(control.watch(new RouteWatcher(routes, admission)));
            forwarder = new Forwarder(
                    routes,
                    admission,
                    new SandboxLimits(config.access()),
                    apps,
                    api,
                    config.trustedProxies(),
                    config.forward());
            log = config.accessLog().isPresent()
                    ? closer.register(AccessLog.open(config.accessLog().get()))
                    : null;
            activity = closer.register(new Activity(control));
            activity.start();
            var threads = FairThreads.builder().name("inbound-", 0).factory();
            server = closer.register(HttpServer.start(config.listen(), config.server(), threads, this));
            metrics.gauge("sallyport.gateway.connections", "Open client connections", server::connections);
            metrics.gauge("sallyport.gateway.connections.free", "Idle connections to apps", apps::free);
            metrics.gauge("sallyport.gateway.log.lost", "Access log lines lost", () -> log == null ? 0 : log.lost());
            metricsAddress = config.metrics().isPresent()
                    ? Optional.of(
                            closer.register(MetricsServer.start(config.metrics().get(), metrics))
                                    .address())
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    /// Starts a gateway.
    ///
    /// @param control is asked for routes and told of traffic
    /// @param api leads to where everything goes that is for no sandbox
    public static Gateway start(GatewayConfig config, Routes control, SandboxDialer dialer, Forwarder.ControlDialer api)
            throws IOException {
        return new Gateway(config, control, dialer, api);
    }

    /// What goes to no sandbox is short, and stays where its connection is.
    @Override
    public Optional<Lane> lane(RequestHead request) {
        return router.route(request) instanceof Destination.Sandbox to
                ? Optional.of(Lane.of(to.port()))
                : Optional.empty();
    }

    @Override
    public void handle(Exchange client) throws IOException {
        var passage = new Passage(client, router.route(client.request()));
        try {
            forwarder.forward(client, passage);
        } finally {
            if (passage.outcome() == null) {
                passage.end(Outcome.CLIENT_CUT, 0, 0, 0);
            }
            seen(passage);
        }
    }

    private void seen(Passage passage) {
        metrics.count(passage);
        activity.count(passage);
        if (log != null) {
            log.add(passage);
        }
    }

    @Override
    public byte[] badMessage(BadMessageException e) {
        return Refusal.badMessage(
                e.status(), e.reason(), TraceContext.of(Optional.empty()).traceId());
    }

    @Override
    public byte[] overLimit(HttpServer.Limit limit, int value) {
        return Refusal.overLimit(
                switch (limit) {
                    case CONNECTIONS -> Outcome.GATEWAY_CONNECTIONS;
                    case HEADS -> Outcome.GATEWAY_HEADS;
                },
                SandboxLimits.limit(
                        switch (limit) {
                            case CONNECTIONS -> "limits.connections";
                            case HEADS -> "limits.heads";
                        },
                        value),
                TraceContext.of(Optional.empty()).traceId());
    }

    /// The first listening address.
    public InetSocketAddress address() {
        return server.address();
    }

    /// Where Prometheus is answered.
    public Optional<InetSocketAddress> metricsAddress() {
        return metricsAddress;
    }

    /// Takes no more connections and waits until what is under way has come to its end, at most for `wait`.
    public void drain(Duration wait) {
        server.drain(wait);
    }

    @Override
    public void close() {
        closer.close();
    }

    /// Breaks the circle between the cache, which tells whose connections to close, and those who hold them.
    private static final class Pools {
        private @Nullable AppExchange apps;

        void evict(SandboxId sandbox) {
            if (apps != null) {
                apps.evict(sandbox);
            }
        }
    }
}
