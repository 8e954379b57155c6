package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.net.Lane;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpServerTest {
    private static final int WAIT_MS = 10_000;

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        var config = new HttpServer.Config(Duration.ofMillis(300), Duration.ofMillis(400), 3, 3, HttpLimits.DEFAULT);
        server = HttpServer.start(
                List.of(Loopback.v4(0)), config, Thread.ofVirtual().factory(), HttpServerTest::echo);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static void echo(Exchange exchange) throws IOException {
        if (exchange.request().path().equals("/ignore")) {
            exchange.respond(200, Headers.EMPTY, new byte[0]);
            return;
        }
        exchange.sendContinue();
        byte[] body = exchange.requestBody().readAllBytes();
        var head =
                ResponseHead.of(200, Headers.of("X-Target", exchange.request().target()));
        var framing = exchange.request().path().equals("/chunked") ? Framing.CHUNKED : new Framing.Length(body.length);
        try (var out = exchange.respond(head, framing)) {
            out.write(body);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        var answers = exchange("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertEquals(
                "HTTP/1.1 200 OK\r\nX-Target: /1\r\nContent-Length: 2\r\n\r\nhi"
                        + "HTTP/1.1 200 OK\r\nX-Target: /2\r\nContent-Length: 0\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nX-Target: /3\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                answers);
    }

    @Test
    void readsChunkedBodiesAndDropsTheirExtensions() throws IOException {
        var answer =
                exchange("POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n");
        assertTrue(answer.endsWith("\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"), answer);
    }

    @Test
    void answersAnHttp10ClientWithoutChunks() throws IOException {
        var answer = exchange("POST /chunked HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
        assertTrue(answer.endsWith("\r\nConnection: close\r\n\r\nhi"), answer);
    }

    @Test
    void asksForTheBodyOfAClientThatWaits() throws IOException {
        try (var client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", read(client, 25));
            send(client, "ok");
            assertTrue(read(client, 15).startsWith("HTTP/1.1 200 OK"));
        }
    }

    @Test
    void refusesABadMessageAndCloses() throws IOException {
        var answer = exchange("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        assertTrue(answer.endsWith("{\"code\":400,\"message\":\"more than one Host header\"}"), answer);
    }

    @Test
    void refusesHeadsThatAreTooLongWithoutReadingThem() throws IOException {
        assertTrue(exchange("GET /" + "a".repeat(20 << 10)).startsWith("HTTP/1.1 414 "));
        assertTrue(exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(70 << 10))
                .startsWith("HTTP/1.1 431 "));
    }

    @Test
    void closesAConnectionWhoseHeadTakesTooLong() throws IOException {
        try (var client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost:");
            assertEquals("", read(client, 1));
        }
    }

    @Test
    void keepsAnIdleConnectionForItsTimeAndNotLonger() throws IOException {
        try (var client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var first = "HTTP/1.1 200 OK\r\nX-Target: /\r\nContent-Length: 0\r\n\r\n";
            assertEquals(first, read(client, first.length()));
            send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(first, read(client, first.length()));
            assertEquals("", read(client, 1));
        }
    }

    @Test
    void keepsTheConnectionWhenAHandlerIgnoresASmallBody() throws IOException {
        var answers = exchange("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
                + "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(answers.contains("X-Target: /next"), answers);
    }

    @Test
    void saysWhichLimitAConnectionIsOver() throws IOException {
        try (var a = connect();
                var b = connect();
                var c = connect()) {
            for (var client : List.of(a, b, c)) {
                send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals("HTTP", read(client, 4));
            }
            try (var d = connect()) {
                var said = new String(d.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertTrue(said.startsWith("HTTP/1.1 429 Too Many Requests\r\n"), said);
                assertTrue(said.contains("limit of connections: 3"), said);
            }
        }
    }

    @Test
    void drainingEndsIdleConnectionsAndWaitsForTheOthers() throws Exception {
        try (var idle = connect();
                var busy = connect()) {
            send(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("HTTP", read(idle, 4));
            send(busy, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
            eventually(() -> server.connections() == 2);
            var drained = Thread.ofPlatform().start(() -> server.drain(Duration.ofSeconds(10)));
            idle.getInputStream().readAllBytes();
            assertTrue(drained.isAlive());
            send(busy, "b");
            var answer = new String(busy.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.contains("Connection: close") && answer.endsWith("ab"), answer);
            assertTrue(drained.join(Duration.ofSeconds(5)));
            assertThrows(IOException.class, this::connect);
        }
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMillis(WAIT_MS).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it does not become so");
            Thread.onSpinWait();
        }
    }

    private String exchange(String request) throws IOException {
        return exchange(server, request);
    }

    private static String exchange(HttpServer server, String request) throws IOException {
        try (var client = connect(server)) {
            send(client, request);
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private Socket connect() throws IOException {
        return connect(server);
    }

    private static Socket connect(HttpServer server) throws IOException {
        var client = new Socket();
        client.connect(server.address(), WAIT_MS);
        client.setSoTimeout(WAIT_MS);
        return client;
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket client, int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aConnectionGoesOnOnAThreadOfItsRequestsLane() throws IOException {
        try (var lanes = HttpServer.start(
                List.of(Loopback.v4(0)),
                HttpServer.Config.DEFAULT,
                Thread.ofVirtual().factory(),
                new LaneOfPath())) {
            var answers = exchange(
                    lanes,
                    "GET /BULK HTTP/1.1\r\nHost: a\r\n\r\n"
                            + "POST /INTERACTIVE HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                            + "GET /either HTTP/1.1\r\nHost: a\r\n\r\n"
                            + "GET /BULK HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertEquals(
                    List.of("BULK", "INTERACTIVEhi", "INTERACTIVE", "BULK"),
                    Arrays.stream(answers.split("HTTP/1.1 200 OK\r\n"))
                            .skip(1)
                            .map(answer -> answer.substring(answer.indexOf("\r\n\r\n") + 4))
                            .toList());
            eventually(() -> lanes.connections() == 0);
        }
    }

    /// Answers with the lane it runs in and the request's body.
    private static final class LaneOfPath implements HttpServer.Handler {
        @Override
        public Optional<Lane> lane(RequestHead request) {
            return Arrays.stream(Lane.values())
                    .filter(lane -> request.path().equals("/" + lane))
                    .findFirst();
        }

        @Override
        public void handle(Exchange exchange) throws IOException {
            var body = Lane.current() + new String(exchange.requestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.respond(200, Headers.EMPTY, body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
