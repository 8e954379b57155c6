package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tls.TlsConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole connections over TLS, without credentials: rows of reference/egress.md §4.3 and §4.4.
final class InterceptorTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n";
    private static final String LAST = "GET /last HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path home;

    private @Nullable Rig opened;

    private Rig rig(String scheme, Origin.Script script) throws IOException {
        var rig = new Rig(home, scheme, script);
        opened = rig;
        return rig;
    }

    private Rig rig(Origin.Script script) throws IOException {
        return rig("https", script);
    }

    @AfterEach
    void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    private static EgressPolicy limited(Rule... rules) {
        return new EgressPolicy(
                Mode.LIMITED, null, List.of(rules), List.of(), List.of(), List.of(), List.of(), null, true, false);
    }

    private static Rule rule(List<String> methods, List<String> paths) {
        return new Rule(Rig.HOST, null, null, methods, paths);
    }

    @Test
    void passesRequestsOneAfterTheOtherOverOneConnection() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var answers = rig.exchange(GET + GET + LAST);

        assertEquals(3, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
        assertEquals(1, rig.origin().connections.get());
        assertEquals(
                "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                rig.origin().heads.getFirst());
        assertEquals(new RequestRecord("GET", "/", 200, 0, 2, "mode open", List.of(), Optional.empty()), rig.record());
    }

    @Test
    void passesPlainHttpToo() throws IOException {
        var rig = rig("http", Origin.ok("ok"));
        assertTrue(rig.exchange(LAST.replace("api.example.com", "api.example.com:443"))
                .endsWith("\r\n\r\nok"));
    }

    /// Row 48.
    @Test
    void judgesEveryPipelinedRequestAndAnswersInOrder() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.use(limited(rule(List.of("GET"), List.of("/", "/last"))));
        var answers = rig.exchange(GET
                + "GET /denied HTTP/1.1\r\nHost: api.example.com\r\n\r\n"
                + "POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 4\r\n\r\nbody"
                + LAST);

        var statuses = Pattern.compile("HTTP/1\\.1 ([0-9]{3})")
                .matcher(answers)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertEquals(List.of("200", "403", "403", "200"), statuses, answers);
        assertEquals(2, rig.origin().heads.size());
        assertTrue(answers.contains("Sallyport-Egress-Reason: method_not_allowed\r\n"), answers);
        assertTrue(answers.contains("\"reason\":\"method_not_allowed\""), answers);
        var allowed = rig.record();
        var denied = rig.record();
        assertEquals("allow[0] api.example.com", allowed.rule());
        assertEquals(Optional.of(EgressReason.METHOD_NOT_ALLOWED), denied.reason());
        assertEquals("/denied", denied.path());
    }

    @Test
    void aTightenedPolicyHoldsFromTheNextRequestOn() throws IOException {
        var rig = rig(Origin.ok("ok"));
        try (var client = rig.client()) {
            Rig.send(client, GET);
            assertTrue(Rig.read(client, OK.length()).startsWith("HTTP/1.1 200"));
            rig.use(EgressPolicy.NONE);
            Rig.send(client, LAST);
            var answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
            assertTrue(answer.contains("egress_off"), answer);
        }
    }

    /// Rows 49 to 51: what is refused whatever the policy says; the host sees nothing of it.
    static List<List<String>> wrongRequests() {
        return List.of(
                List.of("421", "GET / HTTP/1.1\r\nHost: other.example.com\r\n"),
                List.of("421", "GET / HTTP/1.1\r\nHost: api.example.com:8443\r\n"),
                List.of("421", "GET / HTTP/1.1\r\nHost: api.example.com.evil.example\r\n"),
                List.of("421", "GET / HTTP/1.1\r\nHost: api.example.com:\r\n"),
                List.of("421", "GET / HTTP/1.1\r\nHost: api.example.com:0443\r\n"),
                List.of("421", "GET https://other.example.com/ HTTP/1.1\r\nHost: other.example.com\r\n"),
                List.of("421", "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n"),
                List.of("400", "GET https://other.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n"),
                List.of("400", "GET / HTTP/1.1\r\nHost: user@api.example.com\r\n"),
                List.of("400", "GET / HTTP/1.1\r\nHost: api.example.com\r\nHost: api.example.com\r\n"),
                List.of("400", "GET / HTTP/1.1\r\n"),
                List.of("405", "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n"),
                List.of("405", "TRACE / HTTP/1.1\r\nHost: api.example.com\r\n"),
                List.of("405", "trace / HTTP/1.1\r\nHost: api.example.com\r\n"),
                List.of("405", "TRACK / HTTP/1.1\r\nHost: api.example.com\r\n"),
                List.of("505", "PRI * HTTP/2.0\r\n"),
                List.of("403", "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"),
                List.of("403", "GET / HTTP/1.1\r\nHost: api.example.com\r\nUpgrade: h2c\r\n"),
                List.of(
                        "403",
                        "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: tls/1.0\r\n"),
                List.of(
                        "403",
                        "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
                List.of(
                        "403",
                        "POST / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 0\r\n"),
                List.of(
                        "400",
                        "POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 0\r\n"
                                + "Transfer-Encoding: chunked\r\n"),
                List.of("400", "POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: xchunked\r\n"),
                List.of("400", "POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked, identity\r\n"),
                List.of("400", "POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding : chunked\r\n"),
                List.of("400", "POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: +5\r\n"),
                List.of("400", "POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 5, 5\r\n"),
                List.of("400", "GET / HTTP/1.1\r\nHost: api.example.com\r\nX: a\r\n b\r\n"),
                List.of("400", "GET / HTTP/1.1\r\nHost: api.example.com\r\nX: a\u0000b\r\n"),
                List.of("400", "GET / HTTP/1.1\nHost: api.example.com\r\n"));
    }

    @ParameterizedTest
    @MethodSource("wrongRequests")
    void refusesWhatIsWrong(List<String> statusAndRequest) throws IOException {
        var rig = rig(Origin.ok("ok"));
        var answer = rig.exchange(statusAndRequest.get(1) + "Connection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 " + statusAndRequest.get(0)), answer);
        assertTrue(answer.contains("\"reason\":\""), answer);
        assertEquals(List.of(), rig.origin().heads);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: API.example.com\r\n",
                "GET / HTTP/1.1\r\nHost: api.example.com:443\r\n",
                "GET / HTTP/1.1\r\nHost: api.example.com.\r\n",
                "GET https://api.example.com HTTP/1.1\r\nHost: api.example.com\r\n",
                "GET / HTTP/1.0\r\n"
            })
    void sendsTheOneSpellingOfHostAndTarget(String request) throws IOException {
        var rig = rig(Origin.ok("ok"));
        var answer = rig.exchange(request + "Connection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertEquals(List.of("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n"), rig.origin().heads);
    }

    /// Row 57.
    @Test
    void hopByHopAndProxyHeadersStay() throws IOException {
        var rig = rig(Origin.ok("ok"));
        var answer = rig.exchange("GET / HTTP/1.1\r\nHost: api.example.com\r\nProxy-Authorization: Basic eDp5\r\n"
                + "Proxy-Connection: keep-alive\r\nProxy-Anything: 1\r\nKeep-Alive: 5\r\nTE: gzip\r\nX-Mine: 1\r\n"
                + "X-Kept: 2\r\nConnection: close, X-Mine, Host\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertEquals(List.of("GET / HTTP/1.1\r\nHost: api.example.com\r\nX-Kept: 2\r\n\r\n"), rig.origin().heads);
    }

    /// Row 50: a second method is judged like the first.
    @ParameterizedTest
    @CsvSource({"X-HTTP-Method-Override,delete,403", "X-HTTP-Method,DELETE,403", "X-Method-Override,GET,200"})
    void aMethodInAHeaderMustBeAllowedToo(String header, String method, int status) throws IOException {
        var rig = rig(Origin.ok("ok"));
        rig.use(limited(rule(List.of("GET", "POST"), List.of())));
        var answer = rig.exchange("POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 0\r\n" + header + ": "
                + method + "\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    }

    /// Row 52: the host never sees it, and the client is not asked for its body.
    @Test
    void aDeniedRequestIsRefusedBeforeItsBodyIsAskedFor() throws IOException {
        var rig = rig((head, in, out) -> {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            var body = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        rig.use(limited(rule(List.of(), List.of("/ok"))));
        var expecting = " HTTP/1.1\r\nHost: api.example.com\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
                + "Connection: close\r\n\r\n";

        assertTrue(rig.exchange("POST /no" + expecting + "BODY").startsWith("HTTP/1.1 403"));
        assertEquals(List.of(), rig.origin().heads);
        try (var client = rig.client()) {
            Rig.send(client, "POST /ok" + expecting);
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", Rig.read(client, 25));
            Rig.send(client, "body");
            assertTrue(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .endsWith("\r\n\r\nbody"));
        }
    }

    @Test
    void passesChunksWithTrailersBothWays() throws IOException {
        var rig = rig((head, in, out) -> {
            var body = new StringBuilder();
            while (!body.toString().endsWith("\r\n\r\n")) {
                body.append((char) in.read());
            }
            out.write(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" + body)
                    .getBytes(StandardCharsets.ISO_8859_1));
            return true;
        });
        var chunks = "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
        var answer = rig.exchange("POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n" + chunks);

        assertTrue(answer.endsWith(chunks), answer);
    }

    @Test
    void everyEventOfAStreamComesAtOnce() throws IOException {
        var rig = rig((head, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertEquals('G', in.read()); // until the client has seen the first event
            out.write("data: 2\n\n".getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        try (var client = rig.client()) {
            Rig.send(client, GET);
            var seen = new StringBuilder();
            while (seen.indexOf("data: 1\n\n") < 0) {
                seen.append(Rig.read(client, 1));
            }
            assertFalse(seen.toString().contains("data: 2"));
        }
    }

    /// Rows 45 and 56. The last one ends without `close_notify`, and where it ends nothing else says.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\n\r\nhalf"
            })
    void halfAnAnswerNeverLooksWhole(String half) throws Exception {
        var rig = rig((head, in, out) -> {
            out.write(half.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            throw new IOException("cut");
        });
        var answer = rig.exchange(GET);
        assertTrue(
                answer.contains("Content-Length: 10") ? answer.endsWith("half") : answer.endsWith("half\r\n"), answer);
        assertEquals(Optional.of(EgressReason.UPSTREAM_BROKEN), rig.record().reason());
    }

    @Test
    void anAnswerThatEndsWithCloseNotifyIsWhole() throws Exception {
        var rig = rig((head, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\nwhole".getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        assertTrue(rig.exchange(LAST).endsWith("5\r\nwhole\r\n0\r\n\r\n"));
        assertEquals(Optional.empty(), rig.record().reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 99 Odd\r\n\r\n",
                "HTTP/1.1 1000 Odd\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                ""
            })
    void anAnswerThatIsNoneIsABadGateway(String answer) throws Exception {
        var rig = rig((head, in, out) -> {
            out.write(answer.getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        var got = rig.exchange(LAST);
        assertTrue(got.startsWith("HTTP/1.1 502"), got);
        assertTrue(got.contains("upstream_broken"), got);
        assertEquals(502, rig.record().status());
    }

    @Test
    void answersWithoutBodyEndWhereTheirHeadDoes() throws IOException {
        var rig = rig((head, in, out) -> {
            var status = head.startsWith("HEAD") ? "200 OK\r\nContent-Length: 5" : "304 Not Modified";
            out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        var answers = rig.exchange("HEAD / HTTP/1.1\r\nHost: api.example.com\r\n\r\n" + LAST);
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                        + "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n",
                answers);
    }

    /// Row 64: where an answer leads is the client's business.
    @Test
    void followsNoRedirect() throws IOException {
        var rig = rig(Origin.always(
                "HTTP/1.1 302 Found\r\nLocation: https://api.example.com/next\r\nContent-Length: 0\r\n\r\n"));
        assertTrue(rig.exchange(LAST).startsWith("HTTP/1.1 302"));
        assertEquals(1, rig.origin().heads.size());
    }

    @Test
    void opensAnotherConnectionWhereTheHostHasClosedIts() throws IOException {
        var rig = rig((head, in, out) -> {
            out.write(OK.getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        try (var client = rig.client()) {
            for (int i = 0; i < 3; i++) {
                Rig.send(client, GET);
                assertTrue(Rig.read(client, OK.length()).startsWith("HTTP/1.1 200"));
            }
        }
        assertEquals(3, rig.origin().heads.size());
    }

    @Test
    void aWebSocketPassesWhenTheHostAgreesToIt() throws Exception {
        var rig = rig((head, in, out) -> {
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            out.write(in.readNBytes(4));
            return false;
        });
        try (var client = rig.client()) {
            Rig.send(client, webSocket());
            assertTrue(Origin.readHead(client.getInputStream()).startsWith("HTTP/1.1 101"));
            Rig.send(client, "ping");
            assertEquals("ping", Rig.read(client, 4));
        }
        var record = rig.record();
        assertEquals(101, record.status());
        assertEquals(4, record.bytesIn());
    }

    private static String webSocket() {
        return "GET /socket HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Accept: bm90IG91cnM=", "Upgrade: h2c", "X: y"})
    void a101ThatAgreesToSomethingElseIsABadGateway(String line) throws IOException {
        var rig = rig((head, in, out) -> {
            out.write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + line + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        assertTrue(rig.exchange(webSocket().replace("Upgrade\r\n", "Upgrade, close\r\n"))
                .startsWith("HTTP/1.1 502"));
    }

    @Test
    void anAnswerOtherThan101ToAWebSocketStaysHttp() throws IOException {
        var rig = rig(Origin.ok("ok"));
        assertTrue(rig.exchange(webSocket() + LAST).endsWith("\r\n\r\nok"));
    }

    @Test
    void anUpstreamThatCannotBeReachedIsToldWithItsReason() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.origin().close();
        var answer = rig.exchange(LAST);
        assertTrue(answer.startsWith("HTTP/1.1 502"), answer);
        assertTrue(answer.contains("connect_failed"), answer);
        assertEquals(Optional.of(EgressReason.CONNECT_FAILED), rig.record().reason());
    }

    /// Row 44.
    @Test
    void aClientThatSpeaksOnlyHttp2IsToldByTls() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        assertThrows(SSLException.class, () -> rig.tlsClient(context, rig.sandbox, "h2"));
        assertEquals(
                "http/1.1",
                rig.tlsClient(context, rig.sandbox, "h2", "http/1.1").getApplicationProtocol());
        assertTrue(rig.failures.poll(10, TimeUnit.SECONDS) instanceof SSLException);
    }

    @Test
    void aClientThatDoesNotTrustTheAuthorityIsAFailureOfItsOwn() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var stranger = TestPki.trusting(rig.pki.root());
        assertThrows(SSLException.class, () -> rig.tlsClient(stranger, rig.sandbox, "http/1.1"));
        var failure = rig.failures.poll(10, TimeUnit.SECONDS);
        assertTrue(String.valueOf(failure).contains("certificate_unknown"), String.valueOf(failure));
        assertEquals(List.of(), rig.origin().heads);
    }

    /// Row 43: of a ticket another sandbox can make nothing.
    @Test
    void aTlsSessionIsTakenUpAgainInItsSandboxOnly() throws IOException {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        long first = created(rig, context, rig.sandbox);
        long again = created(rig, context, rig.sandbox);
        long elsewhere = created(rig, context, SandboxId.random());

        assertEquals(first, again);
        assertTrue(elsewhere > first);
    }

    /// When the session was made that a connection uses. On an engine, because a socket of the JDK looks sessions up
    /// by the port it is really connected to.
    private static long created(Rig rig, SSLContext context, SandboxId whose) throws IOException {
        var engine = context.createSSLEngine(Rig.HOST, Rig.DESTINATION.port());
        engine.setUseClientMode(true);
        var raw = SocketConnection.of(rig.tunnel(whose, Rig.DESTINATION).getChannel());
        try (var client = TlsConnection.handshaken(raw, engine, Deadline.after(Duration.ofSeconds(10)))) {
            var request = LAST.getBytes(StandardCharsets.US_ASCII);
            client.write(request, 0, request.length);
            var scrap = new byte[1000];
            int n = client.read(scrap, 0, scrap.length);
            while (n >= 0) {
                n = client.read(scrap, 0, scrap.length);
            }
            return engine.getSession().getCreationTime();
        }
    }
}
