package io.sallyport.gateway.seen;

import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.FairThreads;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `GET /metrics` on a listener of its own, which is not for the public.
public final class MetricsServer implements Closeable {
    private final HttpServer server;

    private MetricsServer(HttpServer server) {
        this.server = server;
    }

    public static MetricsServer start(InetSocketAddress address, GatewayMetrics metrics) throws IOException {
        var threads = FairThreads.builder().name("metrics-", 0).factory();
        return new MetricsServer(HttpServer.start(
                List.of(address), HttpServer.Config.DEFAULT, threads, exchange -> answer(exchange, metrics)));
    }

    private static void answer(Exchange exchange, GatewayMetrics metrics) throws IOException {
        if (!exchange.request().path().equals("/metrics")) {
            exchange.refuse(404, "there is only /metrics here");
            return;
        }
        exchange.respond(
                200,
                Headers.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
                metrics.scrape().getBytes(StandardCharsets.UTF_8));
    }

    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
