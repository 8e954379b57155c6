package io.sallyport.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.AddressBlock;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.route.Route;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The gateway between a client and an app that both say exactly what the test wants.
final class GatewayTest {
    private static final int WAIT_MS = 10_000;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final FakeControl control = new FakeControl();
    private Gateway gateway;
    private InetSocketAddress appAddress;
    private SandboxId sandbox;

    @BeforeEach
    void start() throws IOException {
        sandbox = control.add(Route.RUNNING);
        appAddress = Loopback.v4(1);
        gateway = start(AccessLimits.DEFAULT, List.of());
    }

    private Gateway start(AccessLimits access, List<AddressBlock> trusted) throws IOException {
        var second = Duration.ofSeconds(1);
        var config = new GatewayConfig(
                List.of(Loopback.v4(0)),
                Map.of("box.test", Dialect.STANDARD),
                trusted,
                Set.of(),
                HttpServer.Config.DEFAULT,
                access,
                new ForwardLimits(second, Duration.ZERO, second, second, second, Duration.ofMinutes(1), second),
                Optional.empty(),
                Optional.empty());
        return Gateway.start(config, control, new ToApp(), deadline -> {
            throw new ConnectException("no API in this test");
        });
    }

    private final class ToApp implements SandboxDialer {
        @Override
        public Dialled dial(Target to, Deadline deadline) {
            try {
                return new Dialled.Connected(SocketConnection.connect(SocketChannel.open(), appAddress, deadline));
            } catch (IOException e) {
                return new Dialled.Refused();
            }
        }

        @Override
        public Listening listening(Target to, Deadline deadline) {
            return new Listening(List.of(new Listening.Socket(5173, "127.0.0.1", "node")), List.of());
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String host() {
        return "3000-" + sandbox + ".box.test";
    }

    private String get(String target, String... headers) {
        return request("GET", target, "", headers);
    }

    /// Sends one request on a connection of its own and reads to the end.
    private String request(String method, String target, String body, String... headers) {
        var more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return send(method + " " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n" + more + "Connection: close\r\n\r\n"
                + body);
    }

    private String send(String bytes) {
        try (var client = connect()) {
            client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Socket connect() throws IOException {
        var client = new Socket();
        client.connect(gateway.address(), WAIT_MS);
        client.setSoTimeout(WAIT_MS);
        return client;
    }

    private static void say(Socket client, String bytes) throws IOException {
        client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readUntil(Socket client, String end) throws IOException {
        var read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
            int b = client.getInputStream().read();
            assertTrue(b >= 0, "the stream ended behind: " + read);
            read.write(b);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMillis(WAIT_MS).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            Thread.onSpinWait();
        }
    }

    private ScriptedApp use(ScriptedApp app) {
        appAddress = app.address();
        return app;
    }

    // Connections to apps.

    @Test
    void safeRequestsShareAConnectionAndOthersHaveTheirOwn() throws IOException {
        try (var app = use(ScriptedApp.answering(OK))) {
            get("/1");
            get("/2");
            assertEquals(1, app.connections());
            assertTrue(request("POST", "/3", "x", "Content-Length: 1").endsWith("ok"));
            assertEquals(2, app.connections());
            assertEquals(3, app.requests().size());
        }
    }

    @Test
    void callsToTheGuestDaemonShareAConnectionWhateverTheirMethod() throws IOException {
        try (var app = use(ScriptedApp.answering(OK))) {
            var call = "POST /call HTTP/1.1\r\nHost: 49983-" + sandbox
                    + ".box.test\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";
            assertTrue(send(call).endsWith("ok"));
            assertTrue(send(call).endsWith("ok"));
            assertEquals(2, app.requests().size());
            assertEquals(1, app.connections());
        }
    }

    @Test
    void portsOfTheWayOutAreNotReachedFromOutside() throws IOException {
        try (var app = use(ScriptedApp.answering(OK))) {
            for (var port : EgressPorts.ALL) {
                var answer = send(
                        "GET / HTTP/1.1\r\nHost: " + port + "-" + sandbox + ".box.test\r\nConnection: close\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
                assertTrue(answer.contains("\"reason\":\"reserved_port\""), answer);
            }
            assertEquals(0, app.connections());
        }
    }

    @Test
    void aKeptConnectionThatTheAppHasEndedIsNotUsed() throws IOException {
        var closed = new CountDownLatch(1);
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say(OK);
            if (connection > 1) {
                talk.readRequest();
            }
            closed.countDown();
        }))) {
            assertTrue(get("/1").endsWith("ok"));
            closed.await();
            assertTrue(get("/2").endsWith("ok"));
            assertEquals(2, app.connections());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRequestTheAppNeverReadIsSentAgain() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say(OK);
            talk.readByte(); // closing on the rest resets: the request is refused unread
        }))) {
            assertTrue(get("/1").endsWith("ok"));
            var again = get("/2");
            assertTrue(again.endsWith("ok"), again + app.connections() + app.requests());
            assertEquals(2, app.connections());
            assertEquals(2, app.requests().size());
        }
    }

    @Test
    void aRequestTheAppHasReadIsNotSentAgain() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say(OK);
            talk.readRequest();
        }))) {
            assertTrue(get("/1").endsWith("ok"));
            assertTrue(get("/2").contains("\"reason\":\"app_broke\""));
            assertEquals(2, app.requests().size());
        }
    }

    @Test
    void aRequestTheAppThoughtAboutIsNotSentAgainThoughItResets() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say(OK);
            talk.readRequest();
            talk.resetAfter(Duration.ofMillis(60));
        }))) {
            assertTrue(get("/1").endsWith("ok"));
            assertTrue(get("/2").contains("\"reason\":\"app_broke\""));
            assertEquals(2, app.requests().size());
        }
    }

    @Test
    void aBodyIsNeverSentTwice() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> talk.readByte()))) {
            assertTrue(request("POST", "/", "x", "Content-Length: 1").contains("\"reason\":\"app_broke\""));
            assertEquals(1, app.connections());
        }
    }

    @Test
    void freeConnectionsOfASandboxAreClosedWhenItsRouteChanges() throws IOException {
        var ended = new CountDownLatch(1);
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say(OK);
            if (talk.readByte() < 0) {
                ended.countDown();
            }
        }))) {
            get("/1");
            assertEquals(1, app.connections());
            control.change(sandbox, FakeControl.route("paused", Route.Visibility.PUBLIC));
            eventually("the app sees the end", () -> ended.getCount() == 0);
            assertTrue(get("/2").startsWith("HTTP/1.1 409 "));
        }
    }

    // Fidelity.

    @Test
    void interimAnswersAndTrailersComeThrough() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say("HTTP/1.1 103 Early Hints\r\nLink: <http://localhost:8000/a.css>; rel=preload\r\n\r\n");
            talk.say("HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + "2;ext=1\r\nok\r\n0\r\nX-Sum: 7\r\nConnection: x\r\n\r\n");
        }))) {
            var answer = send("POST / HTTP/1.1\r\nHost: " + host()
                    + "\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\nConnection: close, TE\r\n\r\n"
                    + "3\r\nabc\r\n0\r\nX-Client: 1\r\nX-API-Key: k\r\n\r\n");
            assertEquals(
                    "HTTP/1.1 103 Early Hints\r\nLink: <http://" + host().replaceFirst("[0-9]+", "8000")
                            + "/a.css>; rel=preload\r\n\r\n"
                            + "HTTP/1.1 200 Fine\r\nTrailer: X-Sum\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n",
                    answer);
            assertTrue(app.lastRequest().contains("\r\nConnection: TE\r\nTE: trailers\r\n"), app.lastRequest());
            assertTrue(app.lastRequest().endsWith("3\r\nabc\r\n0\r\nX-Client: 1\r\n\r\n"), app.lastRequest());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, 200 OK, 'Content-Length: 9', 'Content-Length: 9', 2",
        "GET, 304 Not Modified, 'Content-Length: 9', 'Content-Length: 9', 2",
        "GET, 204 No Content, 'X: 1', 'X: 1', 1",
    })
    void answersWithoutBodyHaveNone(String method, String status, String header, String kept, int connections)
            throws IOException {
        try (var app = use(ScriptedApp.answering("HTTP/1.1 " + status + "\r\n" + header + "\r\n\r\n"))) {
            try (var client = connect()) {
                for (int i = 0; i < 2; i++) {
                    say(client, method + " / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
                    assertEquals("HTTP/1.1 " + status + "\r\n" + kept + "\r\n\r\n", readUntil(client, "\r\n\r\n"));
                }
            }
            assertEquals(connections, app.connections(), "a body that comes after all is nobody's answer");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (var app = use(ScriptedApp.answering(OK))) {
            var one = " HTTP/1.1\r\nHost: " + host() + "\r\n";
            var answers = send("GET /1" + one + "\r\nPOST /2" + one + "Content-Length: 3\r\n\r\nabcGET /3" + one
                    + "Connection: close\r\n\r\n");
            assertEquals(3, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
            assertEquals(3, app.requests().size());
        }
    }

    @Test
    void aBodyUntilCloseBecomesChunksAndABrokenOneIsCut() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say("HTTP/1.0 200 OK\r\n\r\nall of it");
        }))) {
            var answer = send("GET / HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.endsWith("\r\n\r\n9\r\nall of it\r\n0\r\n\r\n"), answer);
            assertEquals(1, app.connections());
        }
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz");
        }))) {
            var answer = get("/");
            assertTrue(answer.endsWith("2\r\nok\r\n"), answer);
            assertEquals(1, app.connections());
        }
    }

    @Test
    void aClientThatHasEndedItsStreamStillGetsTheAnswer() throws IOException {
        try (var app = use(ScriptedApp.answering(OK));
                var client = connect()) {
            say(client, "GET / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
            client.shutdownOutput();
            assertTrue(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).endsWith("ok"));
            assertEquals(1, app.connections());
        }
    }

    @Test
    void aRefusedUpgradeIsAnAnswerAsAnyOther() throws IOException {
        try (var app = use(
                ScriptedApp.answering("HTTP/1.1 426 Use Something Else\r\nX-A: b\r\nContent-Length: 2\r\n\r\nno"))) {
            try (var client = connect()) {
                for (int i = 0; i < 2; i++) {
                    say(client, upgrade("websocket"));
                    var answer = readUntil(client, "\r\n\r\nno");
                    assertTrue(answer.startsWith("HTTP/1.1 426 Use Something Else\r\nX-A: b\r\n"), answer);
                }
            }
            assertTrue(app.lastRequest().contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"));
        }
    }

    @Test
    void anAnswerToAnUpgradeThatIsNoHttpComesThroughByteForByte() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
            talk.readRequest();
            talk.say("Nein\0\1\2");
        }))) {
            assertEquals("Nein\0\1\2", send(upgrade("websocket")));
            assertEquals(1, app.connections());
        }
    }

    @Test
    void anAnswerToAnUpgradeThatOnlyLooksLikeNoHttpIsMalformedAndNothingIsSentBehindARawOne() throws IOException {
        for (var disguise :
                new String[] {"\r\nHTTP/1.1 200 OK\r\n\r\n", " HTTP/1.1 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n"}) {
            try (var app = use(ScriptedApp.start((connection, talk) -> {
                talk.readRequest();
                talk.say(disguise);
            }))) {
                var answer = send(upgrade("websocket").replace("Upgrade\r\n", "Upgrade, close\r\n"));
                assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
                assertEquals(1, app.connections());
            }
        }
        var behind = new CountDownLatch(1);
        try (var app = use(ScriptedApp.start((connection, talk) -> {
                    talk.readRequest();
                    talk.say("Nein");
                    if (talk.readByte() >= 0) {
                        behind.countDown();
                    }
                }));
                var client = connect()) {
            say(client, upgrade("websocket"));
            assertEquals("Nein", readUntil(client, "Nein"));
            say(client, "GET /of-somebody-else HTTP/1.1\r\n\r\n");
            control.change(sandbox, FakeControl.route(Route.RUNNING, Route.Visibility.PUBLIC));
            assertEquals(1, app.requests().size());
            assertEquals(1, behind.getCount());
        }
    }

    @Test
    void aClientThatLeavesDoesNotCutTheNextOneOnTheSameConnection() throws IOException {
        var proceed = new CountDownLatch(1);
        try (var _ = use(ScriptedApp.start((connection, talk) -> {
                    talk.readRequest();
                    talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n");
                    talk.readRequest();
                    talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n");
                    talk.await(proceed);
                    talk.say("1\r\nc\r\n0\r\n\r\n");
                }));
                var second = connect()) {
            var first = connect();
            say(first, "GET /1 HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
            readUntil(first, "0\r\n\r\n");
            // The first one's connection is free a moment after its answer has come.
            while (!readChunk(second).equals("1\r\nb\r\n")) {
                readUntil(second, "0\r\n\r\n");
            }
            first.close();
            // Longer than the app may be silent when its own client has gone: one second here.
            LockSupport.parkNanos(Duration.ofMillis(1_600).toNanos());
            proceed.countDown();
            readUntil(second, "1\r\nc\r\n0\r\n\r\n");
        }
    }

    /// Asks, and reads the head and the first chunk of one byte.
    private String readChunk(Socket client) throws IOException {
        say(client, "GET /2 HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
        readUntil(client, "\r\n\r\n");
        return new String(client.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
    }

    @Test
    void whatTheAppSaysAfterA101IsBytes() throws IOException {
        try (var app = use(ScriptedApp.start((connection, talk) -> {
                    talk.readRequest();
                    talk.say(
                            "HTTP/1.1 101 Switching It Is\r\nupgrade: foo/2\r\nConnection: upgrade\r\nX-Ext: a;b\r\n\r\nhello");
                    int b = talk.readByte();
                    talk.say("got " + (char) b);
                }));
                var client = connect()) {
            say(client, upgrade("foo/2") + "Z");
            client.shutdownOutput();
            assertEquals(
                    "HTTP/1.1 101 Switching It Is\r\nupgrade: foo/2\r\nConnection: upgrade\r\nX-Ext: a;b\r\n\r\nhellogot Z",
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
            assertEquals(1, app.connections());
        }
    }

    private String upgrade(String protocol) {
        return "GET /chat HTTP/1.1\r\nHost: " + host() + "\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n";
    }

    @Test
    void h2cIsNotPassedOnAndA101NobodyAskedForIsMalformed() throws IOException {
        try (var app = use(ScriptedApp.answering("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n"))) {
            var answer = send(upgrade("h2c").replace("Upgrade\r\n", "Upgrade, close\r\n"));
            assertTrue(answer.contains("\"reason\":\"app_malformed\""), answer);
            assertFalse(app.lastRequest().contains("h2c"), app.lastRequest());
        }
    }

    @Test
    void hopByHopHeadersEndHereAndOthersKeepTheirOrderAndCase() throws IOException {
        try (var app = use(ScriptedApp.answering(
                "HTTP/1.1 200 OK\r\nB: 1\r\na: 2\r\nB: 3\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
                        + "Proxy-Authenticate: x\r\nContent-Length: 0\r\n\r\n"))) {
            var answer =
                    get("/", "Keep-Alive: 1", "Proxy-Authorization: x", "b: 1", "A: 2", "X_Forwarded_For: 6.6.6.6");
            assertEquals(
                    "HTTP/1.1 200 OK\r\nB: 1\r\na: 2\r\nB: 3\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                    answer);
            var request = app.lastRequest();
            assertTrue(
                    request.startsWith("GET / HTTP/1.1\r\nHost: " + host() + "\r\nb: 1\r\nA: 2\r\nX-Forwarded-For: "),
                    request);
        }
    }

    // Who asks.

    @Test
    void whatAClientSaysOfItselfCountsOnlyBehindATrustedProxy() throws IOException {
        var claims = new String[] {
            "X-Forwarded-For: 1.2.3.4",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.test",
            "Forwarded: for=1.2.3.4"
        };
        try (var app = use(ScriptedApp.answering(
                "HTTP/1.1 302 Found\r\nLocation: http://localhost:3000/x\r\nContent-Length: 0\r\n\r\n"))) {
            assertTrue(get("/", claims).contains("Location: http://" + host() + "/x\r\n"));
            assertTrue(
                    app.lastRequest()
                            .contains(
                                    "\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: " + host()
                                            + "\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: 80\r\nForwarded: for=127.0.0.1;host="),
                    app.lastRequest());
            gateway.close();
            gateway = start(
                    AccessLimits.DEFAULT,
                    List.of(AddressBlock.parse("127.0.0.0/8").orElseThrow()));
            assertTrue(get("/", claims).contains("Location: https://" + host() + "/x\r\n"));
            assertTrue(
                    app.lastRequest()
                            .contains(
                                    "\r\nX-Forwarded-For: 1.2.3.4, 127.0.0.1\r\nX-Forwarded-Host: shop.test\r\n"
                                            + "X-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\nForwarded: for=1.2.3.4, for=127.0.0.1;"),
                    app.lastRequest());
        }
    }

    @Test
    void aTraceGoesOnWithASpanOfOurs() throws IOException {
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        try (var app = use(ScriptedApp.answering(OK))) {
            get("/", "traceparent: " + trace, "tracestate: a=b");
            var request = app.lastRequest();
            assertTrue(request.contains("Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-"), request);
            assertFalse(request.contains("00f067aa0ba902b7"), request);
            assertTrue(request.contains("tracestate: a=b"), request);
        }
    }

    // What is refused, and how.

    @ParameterizedTest
    @CsvSource({
        "paused, 409, not_running, It is paused.",
        "killed, 409, not_running, It is killed.",
        "running, 502, not_listening, Public ports on which something listens: 5173.",
    })
    void aProgramIsToldInJson(String state, int status, String reason, String more) {
        control.change(sandbox, FakeControl.route(state, Route.Visibility.PUBLIC));
        var answer = get("/");
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("Content-Type: application/json; charset=utf-8\r\n"), answer);
        assertTrue(answer.contains("{\"code\":" + status + ",\"message\":\"The sandbox is "), answer);
        assertTrue(
                answer.contains(more + "\",\"sandboxId\":\"" + sandbox + "\",\"port\":3000,\"reason\":\"" + reason),
                answer);
        assertTrue(answer.matches("(?s).*\"requestId\":\"[0-9a-f]{32}\"}"), answer);
    }

    @Test
    void aPersonIsShownAPage() {
        for (var header :
                new String[] {"Sec-Fetch-Mode: navigate", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"}) {
            var answer = get("/", header);
            assertTrue(answer.contains("Content-Type: text/html; charset=utf-8\r\n"), answer);
            assertTrue(answer.contains("<h1>The sandbox is running, but nothing listens on this port."), answer);
            assertTrue(answer.contains("http-equiv=\"refresh\""), answer);
        }
        assertTrue(get("/", "Sec-Fetch-Mode: cors", "Accept: text/html").contains("application/json"));
    }

    @Test
    void aControlPlaneThatIsDownIsNeverAnUnknownSandbox() {
        control.down = true;
        assertTrue(get("/").startsWith("HTTP/1.1 503 "));
        assertTrue(send("GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 503 "));
        control.down = false;
        assertTrue(get("/").startsWith("HTTP/1.1 502 "), "a failure is not remembered");
    }

    @Test
    void limitsNameThemselves() throws IOException {
        gateway.close();
        gateway = start(new AccessLimits(1, 3), List.of());
        try (var app = use(ScriptedApp.start((connection, talk) -> {
                    talk.readRequest();
                    talk.readByte();
                }));
                var first = connect()) {
            say(first, "GET / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
            eventually("the first is with the app", () -> app.requests().size() == 1);
            var second = get("/");
            assertTrue(second.startsWith("HTTP/1.1 429 "), second);
            assertTrue(second.contains("\"reason\":\"sandbox_connections\""), second);
            assertTrue(
                    second.contains("The limit is 1; the setting limits.sandbox-connections of the gateway"), second);
        }
        var last = "";
        for (int i = 0; i < 4; i++) {
            last = get("/");
        }
        assertTrue(last.contains("\"reason\":\"sandbox_requests\""), last);
    }

    // The route cache.

    @Test
    void manyThatAskForOneSandboxAskOnce() throws Exception {
        control.answers = new CountDownLatch(1);
        try (var app = use(ScriptedApp.answering(OK));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 20)
                    .mapToObj(i -> clients.submit(() -> get("/" + i)))
                    .toList();
            eventually("somebody asks", () -> control.finds.get() == 1);
            control.answers.countDown();
            for (var answer : answers) {
                assertTrue(answer.get().endsWith("ok"));
            }
            assertEquals(1, control.finds.get());
            assertEquals(20, app.requests().size());
        }
    }

    @Test
    void aChangeIsSeenAtOnceAndAnUnknownSandboxIsRememberedForAWhile() {
        get("/");
        get("/");
        assertEquals(1, control.finds.get());
        control.change(sandbox, FakeControl.route("paused", Route.Visibility.PUBLIC));
        assertTrue(get("/").startsWith("HTTP/1.1 409 "));
        assertEquals(2, control.finds.get());
        sandbox = SandboxId.random();
        assertTrue(get("/").startsWith("HTTP/1.1 404 "));
        assertTrue(get("/").startsWith("HTTP/1.1 404 "));
        assertEquals(3, control.finds.get());
        control.change(sandbox, FakeControl.route("paused", Route.Visibility.PUBLIC));
        assertTrue(get("/").startsWith("HTTP/1.1 409 "));
    }

    // What is told.

    @Test
    void trafficIsToldAndAFailureIsNoActivity() throws IOException {
        try (var app = use(ScriptedApp.answering(OK))) {
            get("/");
            eventually("it is told", () -> control.traffic.size() == 1);
            assertEquals(1, app.requests().size());
        }
        var answered = control.traffic.getFirst();
        assertEquals(1, answered.exchanges());
        assertTrue(answered.lastEpochMillis() > 0);
        appAddress = Loopback.v4(1);
        control.change(sandbox, FakeControl.route(Route.RUNNING, Route.Visibility.PUBLIC));
        get("/");
        eventually("the failure is told", () -> control.traffic.size() == 2);
        var failed = control.traffic.getLast();
        assertEquals(1, failed.failed());
        assertEquals("not_listening", failed.lastOutcome());
        assertEquals(0, failed.lastEpochMillis());
    }
}
