package io.sallyport.egress.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.tunnel.ConnectHead.Parsed;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectHeadTest {
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("cl-x:tok:en".getBytes(StandardCharsets.US_ASCII));
    private static final String GOOD =
            "CONNECT Example.COM.:443 HTTP/1.1\r\nHost: example.com:443\r\nSallyport-Scheme: tcp\r\n"
                    + "traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\r\nProxy-Authorization: "
                    + BASIC + "\r\n\r\n";
    private static final int FUZZ_ROUNDS = 100_000;

    private static Parsed parse(String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ConnectHead.parse(bytes, bytes.length);
    }

    @Test
    void readsWhereItLeadsAndWhoseItIs() {
        var whole = assertInstanceOf(Parsed.Whole.class, parse(GOOD + "rest"));
        assertEquals(GOOD.length(), whole.length());
        var head = whole.head();
        assertEquals("example.com:443", head.destination().text());
        assertEquals(Optional.of("tcp"), head.scheme());
        assertEquals("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01", head.trace());
        var credentials = head.credentials().orElseThrow();
        assertEquals("cl-x", credentials.user());
        assertEquals("tok:en", credentials.token());
        assertFalse(head.toString().contains("tok:en"), head::toString);
    }

    @Test
    void isIncompleteUntilItsLastByte() {
        for (int i = 0; i < GOOD.length(); i++) {
            assertInstanceOf(Parsed.Incomplete.class, parse(GOOD.substring(0, i)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "connect a.com:443 HTTP/1.1\r\n\r\n",
                "CONNECT a.com:443\r\n\r\n",
                "CONNECT a.com:443 HTTP/2.0\r\n\r\n",
                "CONNECT a.com:443 HTTP/0.9\r\n\r\n",
                "CONNECT  a.com:443 HTTP/1.1\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1 \r\n\r\n",
                "CONNECT\ta.com:443 HTTP/1.1\r\n\r\n",
                " CONNECT a.com:443 HTTP/1.1\r\n\r\n",
                "\r\nCONNECT a.com:443 HTTP/1.1\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\nHost: a.com:443\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nHost: a.com:443\r\n folded\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nX: a\0b\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nX: \u0080\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nX : a\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\n: a\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nnothing\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nHost: a.com:443\r\nhost: a.com:443\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nHost: b.com:443\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nHost: a.com:80\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nProxy-Authorization: Basic eA==\r\nProxy-Authorization: Basic eA==\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nUpgrade: h2c\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nSallyport-Scheme: ftp\r\n\r\n",
                "CONNECT a.com:443 HTTP/1.1\r\nSallyport-Scheme: tcp\r\nSallyport-Scheme: http\r\n\r\n"
            })
    void refusesWhatIsNoHead(String text) {
        var bad = assertInstanceOf(Parsed.Bad.class, parse(text));
        assertEquals(EgressReason.BAD_REQUEST, bad.reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a/",
                "a",
                "a:",
                "a:0",
                "a:65536",
                "a:+443",
                "a:0443",
                "a:4_4_3",
                "a:-1",
                "a:99999999999",
                "user@a:443",
                "a:443/",
                "a:443?x",
                "a:443#x",
                "[::1%25eth0]:443",
                "[v1.x]:443",
                "::1:443",
                "[a.com]:443",
                "a..com:443",
                "*.a.com:443",
                "%61.com:443",
                "a.com%00.evil:443",
                "-a.com:443",
                "2852039166:80",
                "0xA9FEA9FE:80",
                "0251.0376.0251.0376:80",
                "169.254.43518:80"
            })
    void refusesWhatIsNoTarget(String target) {
        var bad = assertInstanceOf(Parsed.Bad.class, parse("CONNECT " + target + " HTTP/1.1\r\n\r\n"));
        assertEquals(EgressReason.BAD_TARGET, bad.reason());
    }

    @Test
    void takesAHeadOfExactlyTheLimit() {
        var start = "CONNECT a.com:443 HTTP/1.1\r\nX: ";
        var filled = start + "x".repeat(EgressApi.HEAD_BYTES_MAX - start.length() - 4) + "\r\n\r\n";
        assertInstanceOf(Parsed.Whole.class, parse(filled));
        assertInstanceOf(Parsed.Bad.class, parse(filled.replace("X: ", "X: x")));
        assertInstanceOf(Parsed.Bad.class, parse("x".repeat(EgressApi.HEAD_BYTES_MAX)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic !!!!", "Bearer eDp5", "Basic eA=="})
    void knowsNobodyByOtherCredentials(String value) {
        var whole = assertInstanceOf(
                Parsed.Whole.class, parse("CONNECT a.com:443 HTTP/1.1\r\nProxy-Authorization: " + value + "\r\n\r\n"));
        assertEquals(Optional.empty(), whole.head().credentials());
    }

    @Test
    void dropsATraceThatIsNone() {
        var whole = assertInstanceOf(
                Parsed.Whole.class, parse("CONNECT a.com:443 HTTP/1.1\r\ntraceparent: 00-evil\r\n\r\n"));
        assertEquals("", whole.head().trace());
    }

    @Test
    void survivesAnything() {
        var random = new Random(20261127);
        int whole = 0;
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            var bytes = GOOD.getBytes(StandardCharsets.US_ASCII);
            int mutations = random.nextInt(4);
            for (int i = 0; i < mutations; i++) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "\r\n :.%@[]".charAt(random.nextInt(9)));
            }
            if (ConnectHead.parse(bytes, random.nextInt(bytes.length + 1)) instanceof Parsed.Whole found) {
                var text = found.head().destination().text();
                assertEquals(
                        text,
                        assertInstanceOf(Parsed.Whole.class, parse("CONNECT " + text + " HTTP/1.1\r\n\r\n"))
                                .head()
                                .destination()
                                .text());
                whole++;
            }
        }
        assertTrue(whole > 0);
    }
}
