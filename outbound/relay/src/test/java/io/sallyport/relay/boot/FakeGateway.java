package io.sallyport.relay.boot;

import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The gateway's answers that a start needs, settable one by one.
final class FakeGateway implements AutoCloseable {
    final AtomicInteger certificatesAsked = new AtomicInteger();
    volatile int certificateStatus = 200;
    volatile byte[] certificates = TestAuthority.pem().getBytes(StandardCharsets.US_ASCII);

    private final HttpServer server;

    FakeGateway(int port) throws IOException {
        server = HttpServer.start(
                List.of(Loopback.v4(port)),
                HttpServer.Config.DEFAULT,
                Thread.ofVirtual().factory(),
                this::handle);
    }

    int port() {
        return server.address().getPort();
    }

    private void handle(Exchange exchange) throws IOException {
        if (exchange.request().path().equals(EgressApi.CA_CERT)) {
            certificatesAsked.incrementAndGet();
            exchange.respond(certificateStatus, Headers.of("Content-Type", "application/x-pem-file"), certificates);
        } else {
            exchange.refuse(404, "not here");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
