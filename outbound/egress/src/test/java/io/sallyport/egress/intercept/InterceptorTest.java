package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.intercept.RequestRecord.Moment;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests through whole connections over TLS, without credentials: rows of reference/egress.md §4.4.
final class InterceptorTest extends WithRig {
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
        assertEquals(
                new RequestRecord(Moment.DECIDED, "GET", "/", 0, 0, 0, "mode open", List.of(), Optional.empty()),
                rig.decision());
        assertEquals(
                new RequestRecord(Moment.ENDED, "GET", "/", 200, 0, 2, "mode open", List.of(), Optional.empty()),
                rig.record());
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
    @CsvSource({
        "X-HTTP-Method-Override,delete,403",
        "X_HTTP_Method_Override,delete,403",
        "x-http_method,DELETE,403",
        "X-HTTP-Method,DELETE,403",
        "X-Method-Override,GET,200"
    })
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

    /// Row 46.
    @Test
    void twoTunnelsNeverShareAConnection() throws IOException {
        var rig = rig(Origin.ok("ok"));
        try (var one = rig.client();
                var other = rig.client()) {
            for (var client : List.of(one, other, one)) {
                Rig.send(client, GET);
                assertEquals(OK, Rig.read(client, OK.length()));
            }
        }
        assertEquals(2, rig.origin().connections.get());
    }

    /// Row 15.
    @Test
    void aConnectInATunnelIsRefusedAndWrittenDown() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var answer = rig.exchange(
                "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n" + "Connection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 405"), answer);
        var record = rig.record();
        assertEquals("CONNECT", record.method());
        assertEquals(Optional.of(EgressReason.METHOD_NOT_ALLOWED), record.reason());
    }

    /// Row 58.
    @Test
    void rangesAndConditionsPassAndNothingIsKept() throws IOException {
        var rig = rig(Origin.always("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=3600\r\nETag: \"a\"\r\n"
                + "Content-Length: 2\r\n\r\nok"));
        var headers = "Range: bytes=0-1\r\nIf-Range: \"a\"\r\nIf-None-Match: \"b\"\r\nIf-Match: *\r\n"
                + "If-Modified-Since: Fri, 27 Nov 2026 00:00:00 GMT\r\n";
        var request = "GET / HTTP/1.1\r\nHost: api.example.com\r\n" + headers;
        rig.exchange(request + "\r\n" + request + "Connection: close\r\n\r\n");
        assertEquals(List.of(request + "\r\n", request + "\r\n"), rig.origin().heads);
    }

    /// Row 51: what Java's client offers in every plain request.
    @Test
    void anOfferOfHttp2InPlainHttpIsNotPassedOn() throws IOException {
        var rig = rig("http", Origin.ok("ok"));
        var answer = rig.exchange("GET / HTTP/1.1\r\nHost: api.example.com:443\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQBAAAAAAIAAAAA\r\n"
                + "Connection: Upgrade, HTTP2-Settings, close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        var sent = rig.origin().heads.getFirst();
        assertFalse(sent.contains("h2c") || sent.contains("HTTP2-Settings") || sent.contains("Upgrade"), sent);
    }

    /// Row 49: a path that two readers could understand differently is decided by no rule about paths.
    @ParameterizedTest
    @ValueSource(
            strings = {"/a/../secret", "/a/%2e%2e/secret", "/a//b", "/a%2fb", "/a%5cb", "/a;x=y", "/a%00", "/a%c0%af"})
    void anAmbiguousPathIsRefusedWhereARuleNamesPaths(String path) throws IOException {
        var rig = rig(Origin.ok("ok"));
        rig.use(limited(rule(List.of(), List.of("/a/*", "/a"))));
        var answer = rig.exchange("GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        assertEquals(List.of(), rig.origin().heads);
    }
}
