package io.sallyport.relay.boot;

import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.websocket.Handshake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The gateway's answers that a start needs, settable one by one.
final class FakeGateway implements AutoCloseable {
    final AtomicInteger certificatesAsked = new AtomicInteger();
    final Queue<String> heads = new ConcurrentLinkedQueue<>();
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
        } else if (!exchange.request()
                .headers()
                .first("Authorization")
                .orElse("")
                .equals("Bearer " + Sandbox.TOKEN)) {
            exchange.refuse(401, "not this one");
        } else if (exchange.request().path().equals(EgressApi.NAME)) {
            boolean denied = exchange.request().query().equals("name=denied.example");
            var headers = denied ? Headers.of(EgressReason.HEADER, "host_not_allowed") : Headers.EMPTY;
            exchange.respond(denied ? 403 : 204, headers, new byte[0]);
        } else if (exchange.request().path().equals(EgressApi.TUNNEL)) {
            Handshake.accept(exchange, EgressApi.PROTOCOL_V2, MuxSession.MESSAGE_BYTES_MAX)
                    .ifPresent(socket -> MuxSession.server(
                            socket, stream -> Thread.ofVirtual().start(() -> answer(stream))));
        } else {
            exchange.refuse(404, "not here");
        }
    }

    /// Lets everything through but the denied canary; behind it is an echo.
    private void answer(Connection stream) {
        try (stream) {
            var bytes = new byte[8192];
            int length = 0;
            String head;
            do {
                int n = stream.read(bytes, length, bytes.length - length);
                if (n < 0) {
                    return;
                }
                length += n;
                head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            } while (!head.contains("\r\n\r\n"));
            heads.add(head);
            boolean denied = head.startsWith("CONNECT " + EgressApi.CANARY_DENIED + ":");
            say(
                    stream,
                    denied
                            ? "HTTP/1.1 403 Forbidden\r\nSallyport-Egress-Reason: host_denied\r\n"
                                    + "Content-Length: 0\r\n\r\n"
                            : "HTTP/1.1 200 Connection Established\r\n\r\n");
            int rest = head.indexOf("\r\n\r\n") + 4;
            stream.write(bytes, rest, length - rest);
            int n = denied ? -1 : stream.read(bytes, 0, bytes.length);
            while (n >= 0) {
                stream.write(bytes, 0, n);
                n = stream.read(bytes, 0, bytes.length);
            }
            stream.shutdownOutput();
        } catch (IOException e) {
            // The relay has ended it.
        }
    }

    private static void say(Connection stream, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        stream.write(bytes, 0, bytes.length);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
