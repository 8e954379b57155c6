package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadParserTest {
    @Test
    void readsARequest() throws Exception {
        var head = request("""
                GET /a%2Fb//c/../d?x=%20&y HTTP/1.1\r
                Host: Example.test:8000\r
                X-Empty:\r
                accept: \t a, b\t \r
                ACCEPT: c\r
                X-Latin: \u00e9\r
                \r
                """);
        assertEquals("GET", head.method());
        assertEquals("/a%2Fb//c/../d?x=%20&y", head.target());
        assertEquals("/a%2Fb//c/../d", head.path());
        assertEquals("x=%20&y", head.query());
        assertEquals(
                List.of(
                        new Header("Host", "Example.test:8000"),
                        new Header("X-Empty", ""),
                        new Header("accept", "a, b"),
                        new Header("ACCEPT", "c"),
                        new Header("X-Latin", "\u00e9")),
                lines(head.headers()));
        assertEquals(List.of("a", "b", "c"), head.headers().list("Accept"));
    }

    @Test
    void readsAResponse() throws Exception {
        var head = response("HTTP/1.1 404 Not  Found \r\nServer: x\r\n\r\n");
        assertEquals(404, head.status());
        assertEquals("Not  Found ", head.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 \r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n"})
    void readsStatusLinesServersReallySend(String text) throws Exception {
        assertEquals(200, response(text).status());
    }

    /// Each line is one request; `|` stands for CRLF, `\n`, `\r`, `\0`, `\t`, `\x0b` for themselves.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1|Host: a||",
                "GET /  HTTP/1.1|Host: a||",
                " GET / HTTP/1.1|Host: a||",
                "GET / HTTP/1.1 |Host: a||",
                "GET\\t/ HTTP/1.1|Host: a||",
                "GET /a b HTTP/1.1|Host: a||",
                "GET /#f HTTP/1.1|Host: a||",
                "GET /\\0 HTTP/1.1|Host: a||",
                "GET a HTTP/1.1|Host: a||",
                "GET * HTTP/1.1|Host: a||",
                "GET ftp://a/ HTTP/1.1|Host: a||",
                "GET http:///x HTTP/1.1|Host: a||",
                "GET / HTTP/1.1||",
                "GET / HTTP/1.1|Host: a|Host: a||",
                "GET / HTTP/1.1|Host: a|host: b||",
                "GET / HTTP/1.1|Host: a/b||",
                "GET / HTTP/1.1|Host: a b||",
                "GET / HTTP/1.1|Host: u@a||",
                "GET http://a/ HTTP/1.1|Host: b||",
                "GET / HTTP/1.1|Host : a||",
                "GET / HTTP/1.1| Host: a||",
                "GET / HTTP/1.1|Host: a|X: 1| folded||",
                "GET / HTTP/1.1|Host: a|X: 1|\\tfolded||",
                "GET / HTTP/1.1|Host: a|: x||",
                "GET / HTTP/1.1|Host: a|NoColon||",
                "GET / HTTP/1.1|Host: a|X\\0Y: 1||",
                "GET / HTTP/1.1|Host: a|X: 1\\02||",
                "GET / HTTP/1.1|Host: a|X: 1\\x0b2||",
                "GET / HTTP/1.1|Host: a|X: 1\\r2||",
                "GET / HTTP/1.1|Host: a|X: 1\\n||",
                "GET / HTTP/1.1\\nHost: a||",
                "G(T / HTTP/1.1|Host: a||",
                "GET / http/1.1|Host: a||",
                "GET / HTTP/11|Host: a||",
                "GET / HTTP/1.10|Host: a||",
                "GET /|Host: a||",
            })
    void refusesAmbiguousRequests(String text) {
        var refusal = assertThrows(BadMessageException.class, () -> request(unescape(text)));
        assertEquals(400, refusal.status());
    }

    @Test
    void refusesVersionsItDoesNotSpeak() {
        assertEquals(
                505,
                assertThrows(BadMessageException.class, () -> request("GET / HTTP/2.0\r\nHost: a\r\n\r\n"))
                        .status());
    }

    @Test
    void refusesTooManyHeadersAndTooLongLines() {
        var many = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(HttpLimits.DEFAULT.headersMax()) + "\r\n";
        assertEquals(
                431,
                assertThrows(BadMessageException.class, () -> request(many)).status());
        var exact = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(HttpLimits.DEFAULT.headersMax() - 1) + "\r\n";
        assertEquals(128, accepted(exact).headers().size());
        var longLine = "GET /" + "a".repeat(HttpLimits.DEFAULT.startLineBytesMax()) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        assertEquals(
                414,
                assertThrows(BadMessageException.class, () -> request(longLine)).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 20 OK||",
                "HTTP/1.1 2000 OK||",
                "HTTP/1.1  200 OK||",
                "HTTP/1.1 2x0 OK||",
                "HTTP/1.1 600 OK||",
                "HTTP/1.1 099 OK||",
                "HTTP/2 200 OK||",
                "ICY 200 OK||",
                "HTTP/1.1 200 O\\0K||",
                "HTTP/1.1 200 OK|X : 1||",
                "Unauthorized||",
            })
    void refusesMalformedResponses(String text) {
        assertThrows(BadMessageException.class, () -> response(unescape(text)));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 5, Length[bytes=5]",
        "Content-Length: 0, Length[bytes=0]",
        "Transfer-Encoding: chunked, Chunked[]",
        "Transfer-Encoding:\tChunked, Chunked[]",
        "X: 1, None[]",
    })
    void framesRequests(String header, String framing) throws Exception {
        assertEquals(
                framing,
                Framing.of(request("POST / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n"))
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3|Transfer-Encoding: chunked",
                "Content-Length: 3|Content-Length: 3",
                "Content-Length: 3|Content-Length: 4",
                "Content-Length: 3, 3",
                "Content-Length: +3",
                "Content-Length: -3",
                "Content-Length: 0x3",
                "Content-Length: 3 3",
                "Content-Length:",
                "Content-Length: 9999999999999999999",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding:",
            })
    void refusesAmbiguousFraming(String headers) {
        var text = "POST / HTTP/1.1\r\nHost: a\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n";
        assertThrows(BadMessageException.class, () -> Framing.of(request(text)));
    }

    @Test
    void refusesTransferEncodingInHttp10() {
        assertThrows(
                BadMessageException.class,
                () -> Framing.of(request("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 200, Content-Length: 5, Length[bytes=5]",
        "HEAD, 200, Content-Length: 5, None[]",
        "GET, 304, Content-Length: 5, None[]",
        "GET, 204, X: 1, None[]",
        "GET, 103, X: 1, None[]",
        "GET, 200, Transfer-Encoding: chunked, Chunked[]",
        "GET, 200, X: 1, UntilClose[]",
    })
    void framesResponses(String method, int status, String header, String framing) throws Exception {
        var head = response("HTTP/1.1 " + status + " x\r\n" + header + "\r\n\r\n");
        assertEquals(framing, Framing.of(head, method).toString());
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "a, 10", "00F, 15", "5;x=y, 5", "5 ;x=\"y\", 5"})
    void readsChunkSizes(String line, long size) throws Exception {
        assertEquals(size, BodyInput.chunkSize(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " 5", "-1", "+5", "0x5", "5 5", "5;a=\"b", "5;\u0001", "1000000000000000", "g", "\uff15"})
    void refusesChunkSizes(String line) {
        assertThrows(BadMessageException.class, () -> BodyInput.chunkSize(line));
    }

    private static RequestHead accepted(String text) {
        return Assertions.assertDoesNotThrow(() -> request(text));
    }

    private static RequestHead request(String text) throws BadMessageException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HeadParser.request(bytes, 0, bytes.length, HttpLimits.DEFAULT);
    }

    private static ResponseHead response(String text) throws BadMessageException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HeadParser.response(bytes, 0, bytes.length, HttpLimits.DEFAULT);
    }

    private static List<Header> lines(Headers headers) {
        var lines = new ArrayList<Header>();
        headers.forEach(lines::add);
        return lines;
    }

    private static String unescape(String text) {
        return text.replace("|", "\r\n")
                .replace("\\0", "\0")
                .replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\x0b", "\u000b");
    }
}
