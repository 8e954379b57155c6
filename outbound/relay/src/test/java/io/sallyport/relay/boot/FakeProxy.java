package io.sallyport.relay.boot;

import io.sallyport.relay.transparent.Transparent;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A proxy that says to the canaries what it is told to.
final class FakeProxy implements Proxy {
    /// What is said to a canary.
    record Answer(int status, String reason) {
        static final Answer YES = new Answer(200, "");
        static final Answer NO = new Answer(403, "host_denied");
    }

    /// Those that are open.
    static final class All {
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        volatile Answer allowed = Answer.YES;
        volatile Answer denied = Answer.NO;

        Proxy start(int port) throws IOException {
            var proxy = new FakeProxy(this, port);
            started.incrementAndGet();
            open.incrementAndGet();
            return proxy;
        }
    }

    private final All all;
    private final HttpServer server;

    private FakeProxy(All all, int port) throws IOException {
        this.all = all;
        server = HttpServer.start(
                List.of(Loopback.v4(port)),
                HttpServer.Config.DEFAULT,
                Thread.ofVirtual().factory(),
                this::handle);
    }

    private void handle(Exchange exchange) throws IOException {
        boolean first = exchange.request().target().equals(EgressApi.CANARY_ALLOWED + ":443");
        var answer = first ? all.allowed : all.denied;
        exchange.respond(answer.status(), Headers.of("Sallyport-Egress-Reason", answer.reason()), new byte[0]);
    }

    @Override
    public int port() {
        return server.address().getPort();
    }

    @Override
    public Transparent.Tunnel redirected() {
        return (client, authority, scheme) -> client.close();
    }

    @Override
    public Tunnels.State tunnels() {
        return new Tunnels.State("v2", 0, 0);
    }

    @Override
    public List<RelayStatus.Failure> recentFailures() {
        return List.of();
    }

    @Override
    public void close() {
        all.open.decrementAndGet();
        server.close();
    }
}
