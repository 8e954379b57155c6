package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.rpc.egress.EgressReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Credentials through whole connections: rows of reference/egress.md §4.5.
final class CredentialsOnTheWayTest extends WithRig {
    private static final EgressPolicy TRANSFORMING = transforming(Rig.HOST, "Bearer ${e2b.secrets.key}");

    private static EgressPolicy transforming(String host, String authorization) {
        return new EgressPolicy(
                Mode.OPEN,
                null,
                List.of(),
                List.of(),
                List.of("key"),
                List.of(new Transform(host, Map.of("Authorization", authorization))),
                List.of(),
                null,
                true,
                false);
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: api.example.com\r\n"
                + String.join(
                        "", List.of(headers).stream().map(line -> line + "\r\n").toList())
                + "Connection: close\r\n\r\n";
    }

    /// Answers with everything the host was sent, in several spellings.
    private static Origin.Script echo(boolean gzip, boolean chunked) {
        return (head, in, out) -> {
            var base64 = Base64.getEncoder().encodeToString(("x:" + head).getBytes(StandardCharsets.ISO_8859_1));
            var text = (head + base64 + head.replace("-", "%2D")).getBytes(StandardCharsets.ISO_8859_1);
            var encoded = new ByteArrayOutputStream();
            if (gzip) {
                try (var zip = new GZIPOutputStream(encoded)) {
                    zip.write(text);
                }
            } else {
                encoded.write(text);
            }
            var body = encoded.toByteArray();
            out.write(("HTTP/1.1 200 " + Rig.VALUE + "\r\nLocation: https://b.example/?t=" + Rig.VALUE
                            + "\r\nSet-Cookie: t=" + Rig.VALUE + "\r\n" + (gzip ? "Content-Encoding: gzip\r\n" : "")
                            + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length) + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            if (!chunked) {
                out.write(body);
                return true;
            }
            for (byte b : body) {
                out.write(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            out.write(("0\r\nX-Trailer: " + Rig.VALUE + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return true;
        };
    }

    /// Row 63: reflection in headers, body, trailers, gzip, chunk by chunk.
    @ParameterizedTest
    @ValueSource(strings = {"plain", "gzip", "chunked", "gzip chunked"})
    void whatTheHostEchoesComesBackAsThePlaceholder(String how) throws Exception {
        boolean gzip = how.contains("gzip");
        var rig = rig(echo(gzip, how.contains("chunked")));
        rig.use(TRANSFORMING, Rig.SECRET);
        var answer = rig.exchange(get("/", "Accept-Encoding: br, gzip"));

        var sent = rig.origin().heads.getFirst();
        assertTrue(sent.contains("Authorization: Bearer " + Rig.VALUE + "\r\n"), sent);
        assertTrue(sent.contains("Accept-Encoding: gzip\r\n"), sent);
        assertFalse(answer.contains(Rig.VALUE), answer);
        assertFalse(answer.contains("Content-Encoding"), answer);
        assertTrue(answer.contains("Set-Cookie: t=" + Rig.PLACEHOLDER + "\r\n"), answer);
        assertTrue(unchunked(answer).contains("Authorization: Bearer " + Rig.PLACEHOLDER), answer);
        assertEquals(List.of("key"), rig.record().credentials());
    }

    private static String unchunked(String answer) {
        return answer.replaceAll("\r\n[0-9a-f]+\r\n", "");
    }

    /// Row 60.
    @Test
    void whatTheClientSentUnderThatNameIsReplaced() throws IOException {
        var rig = rig(Origin.ok("ok"));
        rig.use(TRANSFORMING, Rig.SECRET);
        rig.exchange(get("/", "authorization: Bearer mine", "AUTHORIZATION: Bearer two", "Connection: Authorization"));

        var sent = rig.origin().heads.getFirst();
        assertEquals(1, sent.toLowerCase(Locale.ROOT).split("authorization:", -1).length - 1, sent);
        assertTrue(sent.contains("Authorization: Bearer " + Rig.VALUE), sent);
    }

    /// Row 48: no credential on the denied one; row 62: none where it is not bound.
    @Test
    void aCredentialThatIsBoundElsewhereIsRefusedWithoutTheHostKnowing() throws Exception {
        var rig = rig(Origin.ok("ok"));
        for (var elsewhere : List.of(
                new BoundSecret("key", Rig.VALUE, Rig.PLACEHOLDER, "other.example.com", "https", 443),
                new BoundSecret("key", Rig.VALUE, Rig.PLACEHOLDER, Rig.HOST, "http", 443),
                new BoundSecret("key", Rig.VALUE, Rig.PLACEHOLDER, Rig.HOST, "https", 8443))) {
            rig.use(TRANSFORMING, elsewhere);
            assertMisused(rig, get("/"));
            rig.use(EgressPolicy.OPEN, elsewhere);
            assertMisused(rig, get("/", "Authorization: Bearer " + Rig.PLACEHOLDER));
        }
        assertEquals(List.of(), rig.origin().heads);
    }

    @Test
    void aPlaceholderInTargetOrBodyIsRefusedWithoutTheHostKnowing() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.use(EgressPolicy.OPEN, Rig.SECRET);
        assertMisused(rig, get("/?key=" + Rig.PLACEHOLDER));
        assertMisused(
                rig,
                "POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: " + Rig.PLACEHOLDER.length()
                        + "\r\nConnection: close\r\n\r\n" + Rig.PLACEHOLDER);
        assertEquals(List.of(), rig.origin().heads);
    }

    private static void assertMisused(Rig rig, String request) throws Exception {
        var answer = rig.exchange(request);
        assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        assertTrue(answer.contains("Sallyport-Egress-Reason: credential_misused\r\n"), answer);
        var record = rig.record();
        assertEquals(Optional.of(EgressReason.CREDENTIAL_MISUSED), record.reason());
        assertEquals(List.of("key"), record.credentials());
    }

    @Test
    void aPlaceholderLateInABodyCutsTheRequest() throws Exception {
        var rig = rig((head, in, out) -> {
            assertThrows(IOException.class, () -> {
                while (in.read() >= 0) {
                    // The body breaks off.
                }
                throw new IOException("without close_notify that is the end");
            });
            return false;
        });
        rig.use(EgressPolicy.OPEN, Rig.SECRET);
        try (var client = rig.client()) {
            Rig.send(client, "POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\n");
            Rig.send(client, "5\r\nhello\r\n");
            Rig.send(client, "13\r\n" + Rig.PLACEHOLDER + "\r\n");
            assertTrue(Origin.readHead(client.getInputStream()).startsWith("HTTP/1.1 403"));
        }
        assertEquals(Optional.of(EgressReason.CREDENTIAL_MISUSED), rig.record().reason());
    }

    @Test
    void anAnswerThatNobodyCanLookIntoIsNotPassedOn() throws Exception {
        var rig = rig(Origin.always("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\nabcd"));
        rig.use(TRANSFORMING, Rig.SECRET);
        assertTrue(rig.exchange(get("/")).startsWith("HTTP/1.1 502"));
        assertTrue(rig.origin().heads.getFirst().contains("Accept-Encoding: identity\r\n"));
        rig.use(EgressPolicy.OPEN);
        assertTrue(rig.exchange(get("/")).endsWith("abcd"));
    }

    /// A host that stores a request shows it under its other names, too.
    @Test
    void anAnswerIsCleanedOfCredentialsThatAreBoundElsewhere() throws Exception {
        var rig = rig(Origin.ok("stored: " + Rig.VALUE + " or written-down"));
        var elsewhere = new BoundSecret("key", Rig.VALUE, Rig.PLACEHOLDER, "www.example.com", "https", 443);
        rig.use(transforming("other.example", "Bearer written-down"), elsewhere);
        var answer = rig.exchange(get("/", "Accept-Encoding: br"));
        assertTrue(answer.contains("stored: " + Rig.PLACEHOLDER + " or [removed]"), answer);
    }

    @Test
    void noPartOfAnAnswerIsAskedForThatCouldBeginWithinAValue() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.use(TRANSFORMING, Rig.SECRET);
        rig.exchange(get("/", "Range: bytes=5-", "If-Range: x", "If_Range: x", "A-IM: gzip", "If-Match: y"));
        var sent = rig.origin().heads.getFirst();
        assertFalse(sent.contains("ange:") || sent.contains("A-IM"), sent);
        assertTrue(sent.contains("If-Match: y\r\n"), sent);
        rig.use(EgressPolicy.OPEN);
        rig.exchange(get("/", "Range: bytes=5-"));
        assertTrue(rig.origin().heads.getLast().contains("Range: bytes=5-\r\n"));
    }

    @Test
    void aPlaceholderInAHeaderThatAHostMayStoreIsRefusedWithoutTheHostKnowing() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.use(EgressPolicy.OPEN, Rig.SECRET);
        for (var name : List.of("X-Amz-Meta-Note", "User-Agent", "Cookie")) {
            assertMisused(rig, get("/", name + ": " + Rig.PLACEHOLDER));
        }
        assertEquals(List.of(), rig.origin().heads);
    }

    @Test
    void noTransformGoesThroughTheNetInTheClear() throws Exception {
        var rig = rig("http", Origin.ok("ok"));
        rig.use(transforming(Rig.HOST, "Bearer written-down"));
        var answer = rig.exchange(
                "GET / HTTP/1.1\r\nHost: api.example.com:443\r\nAuthorization: mine\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertEquals(
                List.of("GET / HTTP/1.1\r\nHost: api.example.com:443\r\nAuthorization: mine\r\n"
                        + "Accept-Encoding: identity\r\n\r\n"),
                rig.origin().heads);
    }

    /// Row 66.
    @Test
    void aRevokedCredentialFailsTheNextRequest() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.use(TRANSFORMING, Rig.SECRET);
        assertTrue(rig.exchange(get("/")).endsWith("\r\n\r\nok")
                || rig.origin().heads.size() == 1);
        rig.use(TRANSFORMING);
        assertTrue(rig.exchange(get("/")).startsWith("HTTP/1.1 403"));
        assertEquals(1, rig.origin().heads.size());
    }

    /// Row 66: what was sent with the old value comes back without it.
    @Test
    void aCredentialThatIsReplacedDuringARequestIsStillTakenOutOfItsAnswer() throws Exception {
        var rig = rig((head, in, out) -> {
            in.readNBytes(4);
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + Rig.VALUE.length() + "\r\n\r\n" + Rig.VALUE)
                    .getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        rig.use(TRANSFORMING, Rig.SECRET);
        try (var client = rig.client()) {
            Rig.send(
                    client,
                    "POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbo");
            var deadline = Deadline.after(Duration.ofSeconds(10));
            while (rig.origin().heads.isEmpty() && !deadline.passed()) {
                LockSupport.parkNanos(1_000_000);
            }
            rig.use(TRANSFORMING, new BoundSecret("key", "another-value-of-it", "SALLY-OTHER", Rig.HOST, "https", 443));
            Rig.send(client, "dy");
            var answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.contains(Rig.PLACEHOLDER), answer);
            assertFalse(answer.contains(Rig.VALUE), answer);
        }
        assertTrue(rig.origin().heads.getFirst().contains("Bearer " + Rig.VALUE));
    }

    @Test
    void aWebSocketIsCutWhereTheHostEchoesTheValue() throws IOException {
        var rig = rig((head, in, out) -> {
            assertFalse(head.contains("Sec-WebSocket-Extensions"));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello " + Rig.VALUE + " end")
                    .getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        rig.use(TRANSFORMING, Rig.SECRET);
        try (var client = rig.client()) {
            Rig.send(
                    client,
                    "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
            assertTrue(Origin.readHead(client.getInputStream()).startsWith("HTTP/1.1 101"));
            var seen = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertFalse(seen.contains("real"), seen);
        }
    }

    /// Row 68.
    @Test
    void nothingThatIsLoggedSaysAValue() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.use(TRANSFORMING, Rig.SECRET);
        rig.exchange(get("/path?token=of-the-client"));
        var record = rig.record();
        assertFalse(record.toString().contains(Rig.VALUE), record.toString());
        assertFalse(record.toString().contains("of-the-client"), record.toString());
        var terms = Rig.terms(TRANSFORMING, List.of(Rig.SECRET));
        assertFalse(terms.credentials().toString().contains(Rig.VALUE));
        assertFalse(Rig.SECRET.toString().contains(Rig.VALUE));
    }
}
