package io.sallyport.relay.listen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.testing.FakeGateway;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.relay.tunnel.Tunnels.Mode;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RelayServerTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration STILL = Duration.ofMillis(200);

    /// A window, and what two kernels keep in their sockets' buffers.
    private static final long FLOOD_BYTES_MAX = 16 << 20;

    private static final String OK = "HTTP/1.1 200 Connection Established\r\n\r\n";
    private static final Status STATUS = new Status(
            "relay-token".getBytes(StandardCharsets.US_ASCII), () -> "{\"a\":1}".getBytes(StandardCharsets.US_ASCII));

    private final RecentFailures failures = new RecentFailures();
    private FakeGateway gateway;
    private Tunnels tunnels;
    private RelayServer relay;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(true);
        tunnels = new Tunnels(gateway, "box1", FakeGateway::token, Mode.AUTO);
        relay = RelayServer.start(0, tunnels, failures, STATUS);
    }

    private void restart(boolean v2, int connectionsMax, Duration headWait) throws IOException {
        stop();
        gateway = new FakeGateway(v2);
        tunnels = new Tunnels(gateway, "box1", FakeGateway::token, Mode.AUTO);
        relay = RelayServer.start(0, tunnels, failures, STATUS, connectionsMax, headWait);
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        tunnels.close();
        gateway.close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket(relay.address().getAddress(), relay.address().getPort());
        socket.setSoTimeout((int) WAIT.toMillis());
        return socket;
    }

    private static void send(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String receive(Socket from, int length) throws IOException {
        return new String(from.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static String receiveAll(Socket from) throws IOException {
        return new String(from.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private String exchange(String request) throws IOException {
        try (var socket = connect()) {
            send(socket, request);
            socket.shutdownOutput();
            return receiveAll(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leadsToTheHostAndHalfCloses(boolean v2) throws IOException {
        restart(v2, 10, Duration.ofSeconds(10));
        assertEquals(OK + "hello", exchange("CONNECT Echo.Test:443 HTTP/1.1\r\nHost: echo.test:443\r\n\r\nhello"));
        var head = gateway.heads.remove();
        assertTrue(head.startsWith("CONNECT echo.test:443 HTTP/1.1\r\nProxy-Authorization: Basic "), head);
        assertEquals(0, failures.list().size());
    }

    @Test
    void dropsTheClientsHeadersButTheTrace() throws IOException {
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        exchange("CONNECT echo.test:443 HTTP/1.1\r\nHost: echo.test\r\nProxy-Authorization: Basic x\r\ntraceparent: "
                + trace + "\r\nX-Evil: 1\r\n\r\n");
        var head = gateway.heads.remove();
        assertTrue(head.contains("\r\ntraceparent: " + trace + "\r\n"), head);
        assertFalse(head.contains("Evil") || head.contains("Basic x"), head);
    }

    @Test
    void passesWhatComesBehindTheHeadWhereverItIsCut() throws IOException {
        var all = "CONNECT echo.test:443 HTTP/1.1\r\n\r\n\u0016\u0003\u0001hello";
        for (int cut = 1; cut < all.length(); cut++) {
            try (var socket = connect()) {
                socket.setTcpNoDelay(true);
                send(socket, all.substring(0, cut));
                send(socket, all.substring(cut));
                socket.shutdownOutput();
                assertEquals(OK + "\u0016\u0003\u0001hello", receiveAll(socket), "cut at " + cut);
            }
        }
    }

    @Test
    void carriesMuchBehindTheHead() throws Exception {
        var sent = new byte[3 << 20];
        new Random(5).nextBytes(sent);
        try (var socket = connect()) {
            var writer = Thread.ofVirtual().start(() -> {
                try {
                    send(socket, "CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertEquals(OK, receive(socket, OK.length()));
            assertArrayEquals(sent, socket.getInputStream().readAllBytes());
            assertTrue(writer.join(WAIT));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatDoesNotReadHoldsItsHostUpAndNobodyElse(boolean v2) throws IOException {
        restart(v2, 10, Duration.ofSeconds(10));
        try (var slow = new Socket()) {
            slow.setReceiveBufferSize(4 << 10);
            slow.connect(relay.address());
            slow.setSoTimeout((int) WAIT.toMillis());
            send(slow, "CONNECT flood.test:443 HTTP/1.1\r\n\r\n");
            assertEquals(OK, receive(slow, OK.length()));
            awaitStandstill();
            assertEquals(OK + "x", exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\nx"));
            assertEquals(1 << 20, slow.getInputStream().readNBytes(1 << 20).length);
        }
    }

    /// Until the flood has not moved for [#STILL].
    private void awaitStandstill() {
        var deadline = Deadline.after(WAIT);
        long seen = -1;
        var still = Deadline.after(STILL);
        while (!still.passed()) {
            long now = gateway.flooded.get();
            assertTrue(now < FLOOD_BYTES_MAX, now + " bytes were taken that nobody reads");
            assertFalse(deadline.passed(), "it flows and flows");
            if (now != seen) {
                seen = now;
                still = Deadline.after(STILL);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void theHostMaySpeakFirst() throws IOException {
        try (var socket = connect()) {
            send(socket, "CONNECT first.test:25 HTTP/1.1\r\n\r\n");
            assertEquals(OK + "220 hello", receive(socket, OK.length() + 9));
        }
    }

    @Test
    void passesARefusalByteForByteAndRemembersIt() throws IOException {
        assertEquals(FakeGateway.DENIED, exchange("CONNECT deny.test:443 HTTP/1.1\r\n\r\n"));
        var failure = failures.list().getLast();
        assertEquals(Kind.CONNECT_REJECTED, failure.kind());
        assertEquals("deny.test:443", failure.host());
        assertEquals("gateway answered 403 to CONNECT: host_denied", failure.detail());
    }

    @Test
    void says502WhileNothingHasCome() throws IOException {
        var answer = exchange("CONNECT silent.test:443 HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 502 Bad Gateway\r\n"), answer);
        assertEquals(Kind.TUNNEL_BROKEN, failures.list().getLast().kind());
    }

    @Test
    void says502WhereThereIsNoGateway() throws IOException {
        gateway.away = true;
        var answer = exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 502 Bad Gateway\r\n"), answer);
        assertTrue(answer.endsWith("\"retryable\":true}"), answer);
        assertEquals(Kind.GATEWAY_UNREACHABLE, failures.list().getLast().kind());
    }

    @Test
    void says407ToATokenThatIsNotTaken() throws IOException {
        relay.close();
        try (var strangers = new Tunnels(gateway, "box1", () -> new byte[] {'x'}, Mode.AUTO);
                var other = RelayServer.start(0, strangers, failures, STATUS)) {
            relay = other;
            var answer = exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 407 Proxy Authentication Required\r\n"), answer);
            assertTrue(answer.contains("\r\nSallyport-Egress-Reason: unauthenticated\r\n"), answer);
            assertTrue(answer.endsWith("\"retryable\":false}"), answer);
            assertEquals(Kind.GATEWAY_REFUSED, failures.list().getLast().kind());
        }
    }

    @ParameterizedTest
    @CsvSource({"GET /, CONNECT", "POST /status, GET"})
    void saysWhichMethodIsAllowed(String request, String allowed) throws IOException {
        var answer = exchange(request + " HTTP/1.1\r\nHost: localhost\r\nSallyport-Relay-Token: relay-token\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 405 ") && answer.contains("\r\nAllow: " + allowed + "\r\n"), answer);
        assertTrue(answer.endsWith("\"retryable\":false}"), answer);
    }

    @Test
    void saysNothingMoreWhenSomethingHasCome() throws IOException {
        try (var socket = connect()) {
            send(socket, "CONNECT cut.test:443 HTTP/1.1\r\n\r\n");
            var got = new StringBuilder();
            assertThrows(
                    IOException.class,
                    () -> { // a reset, which a program does not take for an end
                        for (int b = socket.getInputStream().read();
                                b >= 0;
                                b = socket.getInputStream().read()) {
                            got.append((char) b);
                        }
                    });
            assertTrue((OK + "half").startsWith(got.toString()), got.toString());
        }
    }

    @Test
    void aGatewayThatIsRestartedBreaksItsTunnelsAndNoOthers() throws IOException {
        try (var socket = connect()) {
            send(socket, "CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
            assertEquals(OK, receive(socket, OK.length()));
            gateway.cutAll();
            assertThrows(IOException.class, () -> receive(socket, 1));
        }
        assertEquals(OK + "x", exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\nx"));
    }

    @Test
    void takesAHeadOf8192BytesAndNoneOf8193() throws IOException {
        var start = "CONNECT echo.test:443 HTTP/1.1\r\nX: ";
        assertEquals(OK, exchange(start + "a".repeat(8192 - start.length() - 4) + "\r\n\r\n"));
        var answer = exchange(start + "a".repeat(8193 - start.length() - 4) + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        assertEquals(1, gateway.heads.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONNECT a:443 | 405",
                "CONNECT a:443 HTTP/0.9 | 405",
                "CONNECT a:443 HTTP/2.0 | 405",
                "connect a:443 HTTP/1.1 | 405",
                "CONNECT\ta:443\tHTTP/1.1 | 400,405",
                "CONNECT  a:443 HTTP/1.1 | 405",
                "'CONNECT a:443 HTTP/1.1 ' | 405",
                "CONNECT https://a/ HTTP/1.1 | 400",
                "CONNECT a:443/x HTTP/1.1 | 400",
                "CONNECT a:443?x HTTP/1.1 | 400",
                "CONNECT user@a:443 HTTP/1.1 | 400",
                "CONNECT a HTTP/1.1 | 400",
                "CONNECT a: HTTP/1.1 | 400",
                "CONNECT a:0 HTTP/1.1 | 400",
                "CONNECT a:65536 HTTP/1.1 | 400",
                "CONNECT a:+443 HTTP/1.1 | 400",
                "CONNECT a:0443 HTTP/1.1 | 400",
                "CONNECT a:-1 HTTP/1.1 | 400",
                "CONNECT a..b:443 HTTP/1.1 | 400",
                "CONNECT [a.com]:443 HTTP/1.1 | 400",
                "CONNECT ::1:443 HTTP/1.1 | 400",
                "CONNECT 127.1:443 HTTP/1.1 | 400",
                "CONNECT %61.com:443 HTTP/1.1 | 400",
                "GET / HTTP/1.1 | 405",
                "GET https://a/ HTTP/1.1 | 405",
                "POST ftp://a/ HTTP/1.1 | 405",
                "hello | 405",
                "CONNECT a:443 HTTP/1.1~X : 1 | 400",
                "CONNECT a:443 HTTP/1.1~ folded | 400",
                "CONNECT a:443 HTTP/1.1~Host: a~Host: b | 400",
                "CONNECT a:443 HTTP/1.1~Proxy-Authorization: a~Proxy-Authorization: b | 400",
                "CONNECT a:443 HTTP/1.1~Content-Length: 5 | 400",
                "CONNECT a:443 HTTP/1.1~Transfer-Encoding: chunked | 400",
                "CONNECT a:443 HTTP/1.1^Host: a | 400",
                "CONNECT a:443 HTTP/1.1~X: \u00e4 | 400",
                "CONNECT a:443 HTTP/1.1~X: {NUL} | 400",
                "CONNECT a:443 HTTP/1.1~X: a{CR}b | 400",
                "CONNECT a:443 HTTP/1.1{CR}~X: a | 400",
                "CONNECT a{NUL}:443 HTTP/1.1 | 400",
                "CONNECT \u00e4:443 HTTP/1.1 | 400",
                "CONNECT a:443{NUL} HTTP/1.1 | 400",
                "CONNECT a:443 HTTP/1.1{NUL} | 400,405",
                "CONNECT a^:443 HTTP/1.1 | 400,405",
                "CONNECT a:443#x HTTP/1.1 | 400",
                "CONNECT a:4_4_3 HTTP/1.1 | 400",
                "CONNECT a:99999999999 HTTP/1.1 | 400",
            })
    void refusesWhatIsNoConnect(String head, String statuses) throws IOException {
        var bytes = head.replace("~", "\r\n")
                .replace("^", "\n")
                .replace("{NUL}", "\0")
                .replace("{CR}", "\r");
        var answer = exchange(bytes + "\r\n\r\n");
        assertTrue(
                Arrays.stream(statuses.split(",")).anyMatch(status -> answer.startsWith("HTTP/1.1 " + status + " ")),
                head + " gave " + answer);
        assertEquals(0, gateway.dials.get());
    }

    @Test
    void refusesAHeadWithBareLineFeeds() throws IOException {
        assertTrue(exchange("CONNECT a:443 HTTP/1.1\n\n").startsWith("HTTP/1.1 400 "));
    }

    @Test
    void doesNotWaitForAHeadForEver() throws IOException {
        restart(true, 10, Duration.ofMillis(100));
        try (var socket = connect()) {
            send(socket, "CONNECT a:443 HT");
            assertEquals(-1, readOrEnd(socket));
        }
    }

    @Test
    void aClientThatSaysNothingLeavesNoTrace() throws IOException {
        assertEquals("", exchange(""));
        assertEquals(0, failures.list().size());
    }

    private static int readOrEnd(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void says503AtItsLimitAndGoesOnBelowIt() throws IOException {
        restart(true, 1, Duration.ofSeconds(10));
        try (var first = connect()) {
            send(first, "CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
            assertEquals(OK, receive(first, OK.length()));
            assertTrue(exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 503 "));
            first.shutdownOutput();
            assertEquals("", receiveAll(first));
        }
        var deadline = Deadline.after(WAIT);
        String answer;
        do {
            answer = exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
        } while (answer.startsWith("HTTP/1.1 503 ") && !deadline.passed());
        assertEquals(OK, answer);
    }

    @Test
    void showsItsStatusToWhoHasTheToken() throws IOException {
        var shown = exchange("GET /status HTTP/1.1\r\nHost: 127.0.0.1:1\r\nSallyport-Relay-Token: relay-token\r\n\r\n");
        assertTrue(shown.startsWith("HTTP/1.1 200 OK\r\n") && shown.endsWith("\r\n\r\n{\"a\":1}"), shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: localhost\r\nSallyport-Relay-Token: other",
                "Host: localhost\r\nSallyport-Relay-Token: relay-token\r\nOrigin: null",
                "Host: evil.example\r\nSallyport-Relay-Token: relay-token",
                "Host: localhost.evil.example\r\nSallyport-Relay-Token: relay-token",
                "Sallyport-Relay-Token: relay-token",
            })
    void showsItsStatusToNobodyElse(String headers) throws IOException {
        var answer = exchange("GET /status HTTP/1.1\r\n" + headers + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        assertFalse(answer.contains("{\"a\":1}"));
    }

    /// Attack 2 of reference/egress.md §4.1: a byte now and then, a thousand times.
    @Test
    void headsThatDripAreNotWaitedForEither() throws Exception {
        restart(true, 2_000, Duration.ofMillis(500));
        var open = new ArrayList<Socket>();
        var over = new AtomicBoolean();
        try {
            for (int i = 0; i < 1_000; i++) {
                open.add(connect());
            }
            var dripping = Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    open.forEach(RelayServerTest::drip);
                    LockSupport.parkNanos(10_000_000);
                }
            });
            for (var one : open) {
                assertEquals(-1, readOrEnd(one));
            }
            over.set(true);
            dripping.join();
            assertEquals(0, gateway.heads.size());
        } finally {
            over.set(true);
            for (var one : open) {
                one.close();
            }
        }
        assertEquals(OK, exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\n"));
    }

    private static void drip(Socket to) {
        try {
            send(to, "C");
        } catch (IOException e) {
            // It was closed, as it should be.
        }
    }

    /// Attack 14.
    @Test
    void aSecondConnectIsWhatTheHostIsSent() throws IOException {
        var second = "CONNECT denied.test:443 HTTP/1.1\r\n\r\n";
        assertEquals(OK + second, exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\n" + second));
        assertEquals(1, gateway.heads.size());
    }

    /// Attack 16.
    @Test
    void passesARefusalThatIsLongerThanAnyHead() throws IOException {
        assertEquals(FakeGateway.LONG, exchange("CONNECT long.test:443 HTTP/1.1\r\n\r\n"));
    }

    /// Attack 17.
    @Test
    void clientsThatGoBeforeTheirTunnelIsOpenLeaveNothing() throws IOException {
        for (int i = 0; i < 200; i++) {
            try (var socket = connect()) {
                send(socket, "CONNECT echo.test:443 HTTP/1.1\r\n\r\n");
                socket.setSoLinger(i % 2 == 0, 0);
            }
        }
        var deadline = Deadline.after(WAIT);
        while (tunnels.state().streams() + relay.connections() > 0 && !deadline.passed()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(0, tunnels.state().streams());
        assertEquals(0, relay.connections());
        assertEquals(OK + "x", exchange("CONNECT echo.test:443 HTTP/1.1\r\n\r\nx"));
    }
}
