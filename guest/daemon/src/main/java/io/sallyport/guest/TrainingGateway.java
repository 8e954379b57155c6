package io.sallyport.guest;

import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.websocket.Handshake;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// As much of an egress gateway as a relay that starts asks for.
final class TrainingGateway implements Closeable {
    private static final int HEAD_BYTES_MAX = EgressApi.HEAD_BYTES_MAX;

    /// Of a key that was thrown away.
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBnDCCAUOgAwIBAgIUK7qzghMvr1apZ7uYNu1Turhsw4EwCgYIKoZIzj0EAwIw
            IzEhMB8GA1UEAwwYU2FsbHlwb3J0IHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNzA0
            MTYzNVoYDzIxMjYxMTAzMDQxNjM1WjAjMSEwHwYDVQQDDBhTYWxseXBvcnQgdGVz
            dCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARZUJuLCrzvBrjm
            t9as4w183adJWS/4ojfShiOCHkmPvJOQOoYfz0BWj4Uny083peJGbyjAvddKxgNS
            wm8xnjJLo1MwUTAdBgNVHQ4EFgQUEJagCg3doTxlrXLL8TLYPAzu0g0wHwYDVR0j
            BBgwFoAUEJagCg3doTxlrXLL8TLYPAzu0g0wDwYDVR0TAQH/BAUwAwEB/zAKBggq
            hkjOPQQDAgNHADBEAiBNk9IaFe85Fqi29mSDUB85JEE8dE6TIuAL/9B0Bq7gGQIg
            LJgF8a5f3ora0TA3RDGfrHbpxEIg71+DW4G9TqV0fy0=
            -----END CERTIFICATE-----
            """;

    private final HttpServer server;

    TrainingGateway() throws IOException {
        server = HttpServer.start(
                List.of(Loopback.v4(0)),
                HttpServer.Config.DEFAULT,
                task -> Thread.ofPlatform().daemon().unstarted(task),
                TrainingGateway::handle);
    }

    String url() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    private static void handle(Exchange exchange) throws IOException {
        switch (exchange.request().path()) {
            case EgressApi.CA_CERT ->
                exchange.respond(200, Headers.EMPTY, CERTIFICATE.getBytes(StandardCharsets.US_ASCII));
            case EgressApi.NAME -> exchange.respond(204, Headers.EMPTY, new byte[0]);
            case EgressApi.TUNNEL ->
                Handshake.accept(exchange, EgressApi.PROTOCOL_V2, MuxSession.MESSAGE_BYTES_MAX)
                        .ifPresent(socket -> MuxSession.server(
                                socket, stream -> Thread.ofVirtual().start(() -> answer(stream))));
            default -> exchange.refuse(404, "not here");
        }
    }

    /// Says to the canaries what they are to hear. A head that comes in pieces is not answered; the relay's does not.
    private static void answer(Connection stream) {
        try (stream) {
            var bytes = new byte[HEAD_BYTES_MAX];
            int length = stream.read(bytes, 0, bytes.length);
            var head = new String(bytes, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
            var denied = EgressReason.HOST_DENIED;
            var answer = head.startsWith("CONNECT " + EgressApi.CANARY_DENIED)
                    ? "HTTP/1.1 403 Forbidden\r\n" + EgressReason.HEADER + ": " + denied.id()
                            + "\r\nContent-Length: 0\r\n\r\n"
                    : "HTTP/1.1 200 Connection Established\r\n\r\n";
            var said = answer.getBytes(StandardCharsets.US_ASCII);
            stream.write(said, 0, said.length);
            stream.shutdownOutput();
            var _ = stream.read(bytes, 0, bytes.length);
        } catch (IOException e) {
            // The relay has ended it.
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
