package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Installation.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job: real servers in real sandboxes, reached from outside.
final class InboundTest {
    private static final Testbed BED = Testbed.get();
    private static Sandbox first;
    private static Sandbox second;

    @BeforeAll
    static void startServers() {
        first = BED.create();
        second = BED.create();
        Apps.echo(first, 3000, "127.0.0.1");
        Apps.echo(second, 3000, "::1");
        BED.startDetached(first, "python3", "-m", "http.server", "4000");
        Apps.python(first, "events.py", 5000);
    }

    @Test
    void pythonsFileServerListsTheDirectory() {
        var answer = BED.get(first, 4000, "/");
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("Directory listing for /"), answer.body());
    }

    @Test
    void serversBoundToOneLoopbackOnlyAreReachedInTwoSandboxesOnTheSamePort() {
        assertEquals("127.0.0.1", BED.get(first, 3000, "/").json("bound"));
        assertEquals("::1", BED.get(second, 3000, "/").json("bound"));
    }

    @Test
    void routingHeadersReachTheSameServer() {
        var answer = BED.http()
                .send("GET /x HTTP/1.1\r\nHost: localhost:" + BED.port() + "\r\nE2b-Sandbox-Id: " + first.id()
                        + "\r\nE2b-Sandbox-Port: 3000\r\nConnection: close\r\n\r\n");
        assertEquals("/x", answer.json("url"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%2Fb",
                "//x",
                "/a/../b",
                "/%2e%2e/x",
                "/;p=1?q=a%26b",
                "/?",
                "/?a=1?b=2",
                "/%",
                "/%zz",
                "/a//../b/",
                "/a+b%20c",
                "/.%2e/",
                "/a?x=/../y",
            })
    void theTargetArrivesByteForByte(String target) {
        // Node shows what it got as ISO-8859-1, which the body carries as UTF-8.
        assertEquals(target, BED.get(first, 3000, target).json("url"));
    }

    @Test
    void aLongQueryArrivesByteForByte() {
        var target = "/q?" + "0123456789abcdef%20".repeat(8192 / 19);
        assertEquals(target, BED.get(first, 3000, target).json("url"));
    }

    @Test
    void headersArriveInOrderAndCaseWithoutWhatIsOurs() {
        var answer = BED.http()
                .send("GET / HTTP/1.1\r\nHost: " + first.host(3000) + "\r\nX-b: 1\r\nx-A: 2\r\nX-b: 3\r\n"
                        + "Connection: close, x-hop\r\nX-Hop: secret\r\nX-API-Key: " + BED.key() + "\r\nX_Api_Key: "
                        + BED.key()
                        + "\r\nAuthorization: Bearer app\r\nCookie: app=1\r\nX-Forwarded-For: 6.6.6.6\r\nX_Forwarded_Host: evil\r\n"
                        + "Forwarded: for=6.6.6.6\r\nE2b-Traffic-Access-Token: t\r\n\r\n");
        var headers = answer.body().substring(answer.body().indexOf("rawHeaders"));
        assertTrue(headers.contains("\"X-b\",\"1\",\"x-A\",\"2\",\"X-b\",\"3\""), headers);
        assertTrue(headers.contains("\"Authorization\",\"Bearer app\",\"Cookie\",\"app=1\""), headers);
        assertTrue(headers.contains("\"X-Forwarded-For\",\"127.0.0.1\""), headers);
        assertTrue(headers.contains("\"X-Forwarded-Host\",\"" + first.host(3000) + "\""), headers);
        for (var gone : new String[] {"secret", BED.key(), "6.6.6.6", "evil", "Traffic"}) {
            assertFalse(headers.contains(gone), gone + " in " + headers);
        }
        assertTrue(answer.head().contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"), answer.head());
    }

    @Test
    void bodiesArriveWhateverTheirFraming() throws IOException {
        var chunked = BED.http()
                .send("POST /p HTTP/1.1\r\nHost: " + first.host(3000)
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n");
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", chunked.json("sha256"));
        assertTrue(chunked.body().contains("\"Transfer-Encoding\",\"chunked\""), chunked.body());
        try (var client = BED.http().open()) {
            client.getOutputStream()
                    .write(("PUT /p HTTP/1.1\r\nHost: " + first.host(3000)
                                    + "\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertEquals(100, Http.read(client.getInputStream(), false).status());
            client.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    chunked.json("sha256"),
                    Http.read(client.getInputStream(), false).json("sha256"));
        }
    }

    @Test
    void headAndKeepAliveWork() throws IOException {
        try (var client = BED.http().open()) {
            for (int i = 0; i < 3; i++) {
                client.getOutputStream()
                        .write(("HEAD /" + i + " HTTP/1.1\r\nHost: " + first.host(3000) + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                var answer = Http.read(client.getInputStream(), true);
                assertEquals(200, answer.status());
            }
        }
    }

    @Test
    void anAnswerThatComesBeforeTheBodyIsPassedOn() throws IOException {
        try (var client = BED.http().open()) {
            client.getOutputStream()
                    .write(("POST /early HTTP/1.1\r\nHost: " + first.host(3000) + "\r\nContent-Length: 100000\r\n\r\nx")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = Http.read(client.getInputStream(), false);
            assertEquals(403, answer.status());
            assertEquals("no", answer.body());
        }
    }

    @Test
    void aBrokenAnswerIsNotMadeToLookWhole() throws IOException {
        try (var client = BED.http().open()) {
            client.getOutputStream()
                    .write(("GET /break HTTP/1.1\r\nHost: " + first.host(3000) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = Http.readHead(client.getInputStream());
            assertTrue(head.contains("Content-Length: 100"), head);
            assertEquals("half", readToTheEnd(client.getInputStream()));
        }
    }

    @Test
    void whatTheAppDoesWrongIsSaid() {
        assertEquals("app_malformed", BED.get(first, 3000, "/garbage").json("reason"));
        assertEquals("app_slow", BED.get(first, 3000, "/silent").json("reason"));
    }

    @Test
    void eventsArriveOneByOneAndTheFirstAtOnce() throws IOException {
        Testbed.eventually(
                Duration.ofSeconds(20),
                "events.py listens",
                () -> BED.get(first, 5000, "/").status() == 200);
        try (var client = BED.http().open()) {
            long start = System.nanoTime();
            client.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + first.host(5000) + "\r\nAccept: text/event-stream\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var in = client.getInputStream();
            var head = Http.readHead(in);
            assertTrue(head.contains("Content-type: text/event-stream") || head.contains("text/event-stream"), head);
            var arrivals = new ArrayList<Long>();
            for (int i = 0; i < 3; i++) {
                String line;
                do {
                    line = Http.readLine(in);
                } while (!line.startsWith("data: "));
                assertEquals("data: " + i, line);
                arrivals.add((System.nanoTime() - start) / 1_000_000);
            }
            assertTrue(arrivals.getFirst() < 900, "first event after " + arrivals.getFirst() + " ms");
            assertTrue(arrivals.get(1) > 800 && arrivals.get(2) > 1800, "events came together: " + arrivals);
        }
    }

    @Test
    void webSocketsAreEchoedBytesBehindTheHeadIncluded() throws IOException {
        try (var client = BED.http().open()) {
            client.getOutputStream().write(WebSocket.upgrade(first.host(3000), "/chat?room=1"));
            client.getOutputStream().write(WebSocket.frame("glued"));
            var in = client.getInputStream();
            var head = Http.readHead(in);
            assertTrue(head.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), head);
            assertTrue(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head);
            assertTrue(head.contains("X-Path: /chat?room=1"), head);
            assertEquals("glued", WebSocket.readFrame(in));
            for (var text : new String[] {"hello", "", "x".repeat(125)}) {
                client.getOutputStream().write(WebSocket.frame(text));
                assertEquals(text, WebSocket.readFrame(in));
            }
        }
    }

    @Test
    void aRefusedUpgradeIsPassedOnAsItIs() throws IOException {
        try (var client = BED.http().open()) {
            client.getOutputStream().write(WebSocket.upgrade(first.host(3000), "/refuse"));
            var answer = Http.read(client.getInputStream(), false);
            assertEquals(403, answer.status());
            assertEquals("no", answer.header("X-Why"));
            assertEquals("no", answer.body());
        }
    }

    @Test
    void aRequestForAPortThatComesUpLaterIsHeld() throws IOException {
        try (var client = BED.http().open()) {
            client.getOutputStream()
                    .write(("GET /held HTTP/1.1\r\nHost: " + first.host(6000) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Apps.echo(first, 6000, "0.0.0.0");
            assertEquals("/held", Http.read(client.getInputStream(), false).json("url"));
        }
    }

    @Test
    void aClientThatGoesAwayIsNoticedThoughTheAppIsSilent() throws IOException {
        var sandbox = BED.create();
        BED.put(sandbox, "/tmp/silent.py", SILENT);
        BED.startDetached(sandbox, "python3", "/tmp/silent.py");
        var client = BED.http().open();
        client.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: " + sandbox.host(3000) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertTrue(Http.readHead(client.getInputStream()).startsWith("HTTP/1.1 200"));
        client.close();
        Testbed.eventually(
                Duration.ofSeconds(10),
                "the app learns of it",
                () -> BED.sh(sandbox, "cat /tmp/gone").out().equals("gone"));
        BED.kill(sandbox);
    }

    /// Sends a head and nothing more, and writes a file when the other side ends.
    private static final String SILENT = "import socket\n"
            + "s = socket.create_server(('127.0.0.1', 3000))\n"
            + "c, _ = s.accept()\n"
            + "c.recv(9999)\n"
            + "c.send(b'HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\n\\r\\n')\n"
            + "c.recv(1)\n"
            + "open('/tmp/gone', 'w').write('gone')\n";

    @Test
    void anOpenStreamIsCutWhenTheSandboxIsPaused() throws IOException {
        var sandbox = BED.create();
        BED.put(sandbox, "/tmp/silent.py", SILENT);
        BED.startDetached(sandbox, "python3", "/tmp/silent.py");
        try (var client = BED.http().open()) {
            client.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + sandbox.host(3000) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertTrue(Http.readHead(client.getInputStream()).startsWith("HTTP/1.1 200"));
            assertEquals(
                    204,
                    BED.api("POST", "/sandboxes/" + sandbox.id() + "/pause", "").status());
            assertEquals(-1, client.getInputStream().read(), "cut, without the end of a chunked body");
        }
        BED.kill(sandbox);
    }

    private static String readToTheEnd(InputStream in) throws IOException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            throw new AssertionError("the bytes before the cut must arrive", e);
        }
    }
}
