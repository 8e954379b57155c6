package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.EgressReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a host answers, through whole connections over TLS: rows of reference/egress.md §4.3 to §4.5.
final class AnswersTest extends WithRig {
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
                "HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
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
            assertEquals("/socket", rig.decision().path(), "it is in the log while it is open");
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

    /// Row 56.
    @Test
    void headersWithoutEndAreABadGateway() throws Exception {
        for (var line : new String[] {"X: " + "a".repeat(1 << 10) + "\r\n", "a".repeat(1 << 10)}) {
            var rig = rig((head, in, out) -> {
                out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                while (true) { // until the gateway has had enough of it
                    out.write(line.getBytes(StandardCharsets.US_ASCII));
                }
            });
            assertTrue(rig.exchange(LAST).startsWith("HTTP/1.1 502"));
            assertEquals(Optional.of(EgressReason.UPSTREAM_BROKEN), rig.record().reason());
            closeRig();
        }
    }

    /// Row 56: what a host says too much never answers the next request.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"
            })
    void whatAHostSaysTooMuchIsNobodysAnswer(String answer) throws IOException {
        var rig = rig(Origin.always(answer + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"));
        var answers = rig.exchange(GET + GET.replace("GET", "HEAD") + GET + LAST);
        assertFalse(answers.toLowerCase(Locale.ROOT).contains("poison"), answers);
        assertEquals(4, answers.split("HTTP/1.1 ", -1).length - 1, answers);
    }

    /// Row 52.
    @Test
    void manyInterimAnswersAreNoAnswer() throws Exception {
        var rig = rig((head, in, out) -> {
            for (int i = 0; i < 1_000; i++) {
                out.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write(OK.getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        var answers = rig.exchange(LAST);
        assertTrue(answers.endsWith("\r\n\r\nok"), answers);
        assertEquals(200, rig.record().status());
        assertTrue(rig.nothingElseEnded());
    }
}
