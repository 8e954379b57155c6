package io.sallyport.relay.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.listen.RelayServer;
import io.sallyport.relay.listen.Status;
import io.sallyport.relay.testing.FakeGateway;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.relay.tunnel.Tunnels.Mode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PlainHttpTest {
    private static final int WAIT_MS = 20_000;

    private final RecentFailures failures = new RecentFailures();
    private FakeGateway gateway;
    private Tunnels tunnels;
    private RelayServer relay;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(true);
        start(FakeGateway::token);
    }

    private void start(Supplier<byte[]> token) throws IOException {
        tunnels = new Tunnels(gateway, "box1", token, Mode.AUTO);
        relay = RelayServer.start(0, tunnels, failures, new Status(new byte[0], () -> new byte[0]));
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        tunnels.close();
        gateway.close();
    }

    private String exchange(String requests) throws IOException {
        try (var socket =
                new Socket(relay.address().getAddress(), relay.address().getPort())) {
            socket.setSoTimeout(WAIT_MS);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void forwardsARequestAsTheHostExpectsIt() throws IOException {
        var answer = exchange("GET http://Web.test/a?b HTTP/1.1\r\nHost: web.test\r\nProxy-Connection: keep-alive\r\n"
                + "Proxy-Authorization: Basic x\r\nX-A: 1\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\nX-Host: yes\r\n"), answer);
        assertTrue(answer.endsWith("GET /a?b\n[Host: web.test, X-A: 1]\n"), answer);
        assertFalse(answer.contains("timeout=5"), answer);
        assertTrue(gateway.heads
                .remove()
                .startsWith("CONNECT web.test:80 HTTP/1.1\r\nSallyport-Scheme: http\r\nProxy-Authorization: "));
    }

    @Test
    void requestsForOneHostShareATunnelAndOthersHaveTheirOwn() throws IOException {
        var answer = exchange("GET http://web.test/1 HTTP/1.1\r\nHost: web.test\r\n\r\n"
                + "POST http://web.test/2 HTTP/1.1\r\nHost: web.test\r\nContent-Length: 4\r\n\r\nbody"
                + "GET http://other.test:8080/3 HTTP/1.1\r\nHost: other.test:8080\r\n\r\n"
                + "GET http://web.test/4 HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
        int first = answer.indexOf("GET /1\n");
        int second = answer.indexOf("POST /2\n");
        int third = answer.indexOf("GET /3\n");
        assertTrue(0 < first && first < second && second < third && third < answer.indexOf("GET /4\n"), answer);
        assertTrue(answer.contains("\nbody"), answer);
        assertEquals(3, gateway.heads.size());
    }

    @Test
    void letsGoOfItsTunnelWithTheClient() throws IOException {
        exchange("GET http://web.test/1 HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
        try (var socket =
                new Socket(relay.address().getAddress(), relay.address().getPort())) {
            socket.getOutputStream()
                    .write("GET http://web.test/1 HTTP/1.1\r\nHost: web.test\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', socket.getInputStream().read());
        }
        var deadline = Deadline.after(Duration.ofSeconds(20));
        while (tunnels.state().streams() > 0 && !deadline.passed()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(0, tunnels.state().streams());
        assertEquals(0, relay.connections());
    }

    @Test
    void aRefusalOfTheGatewayIsTheAnswer() throws IOException {
        var answer = exchange("GET http://deny.test/ HTTP/1.1\r\nHost: deny.test\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden\r\nSallyport-Egress-Reason: host_denied\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n{}"), answer);
        assertEquals(Kind.CONNECT_REJECTED, failures.list().getLast().kind());
    }

    @Test
    void withoutAGatewayTheAnswerIs502() throws IOException {
        gateway.away = true;
        var answer = exchange("GET http://web.test/ HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
        assertTrue(answer.contains("\r\nSallyport-Egress-Reason: gateway_unreachable\r\n"), answer);
        assertEquals(Kind.GATEWAY_UNREACHABLE, failures.list().getLast().kind());
    }

    @Test
    void aTokenThatIsNotTakenIsToldAsToConnect() throws IOException {
        relay.close();
        tunnels.close();
        start(() -> new byte[] {'x'});
        var answer = exchange("GET http://web.test/ HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 407 "), answer);
        assertTrue(answer.contains("\r\nSallyport-Egress-Reason: unauthenticated\r\n"), answer);
        assertTrue(answer.endsWith("\"retryable\":false}"), answer);
        assertEquals(Kind.GATEWAY_REFUSED, failures.list().getLast().kind());
    }

    @Test
    void aGatewayThatClosesWithoutAnAnswerIs502() throws IOException {
        var answer = exchange("GET http://silent.test/ HTTP/1.1\r\nHost: silent.test\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
        assertEquals(Kind.TUNNEL_BROKEN, failures.list().getLast().kind());
    }

    @Test
    void aHostThatBreaksOffIs502() throws IOException {
        var answer = exchange("GET http://cut.test/ HTTP/1.1\r\nHost: cut.test\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
    }

    @Test
    void anotherHostHeaderIsRefused() throws IOException {
        var answer = exchange("GET http://web.test/ HTTP/1.1\r\nHost: other.test\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertEquals(0, gateway.heads.size());
    }

    @Test
    void whatIsNotForAProxyIsRefusedBehindARequestToo() throws IOException {
        var answer = exchange("GET http://web.test/1 HTTP/1.1\r\nHost: web.test\r\n\r\n"
                + "GET /status HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
        assertTrue(answer.contains("HTTP/1.1 405 "), answer);
    }

    @Test
    void answersAnHttp10Client() throws IOException {
        var answer = exchange("GET http://web.test/ HTTP/1.0\r\n\r\n");
        assertTrue(answer.endsWith("GET /\n[Host: web.test]\n"), answer);
    }
}
