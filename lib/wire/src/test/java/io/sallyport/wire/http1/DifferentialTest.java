package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Another reader understands every request as the engine does, before and behind it. [FuzzTest] asks the same
/// of inputs that nobody has thought of.
final class DifferentialTest {
    private static List<CorpusCase> requests() {
        return Corpus.CASES.stream()
                .filter(one -> one.responseTo().isEmpty() && !one.messages().isEmpty())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void anotherReaderUnderstandsTheSame(CorpusCase one) throws Exception {
        Differential.check(one.bytes().getBytes(StandardCharsets.ISO_8859_1), one.read(Integer.MAX_VALUE));
    }

    @Test
    void theOtherReaderReadsWhatIsThere() throws Exception {
        var requests = IndependentParser.parse(("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x=\"y\"\r\nabc\r\n2\r\nde\r\n0\r\nT: \tu \r\n\r\n"
                        + "PUT /q HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                "[Request[method=POST, target=/p, fields=[Field[name=Host, value=a],"
                        + " Field[name=Transfer-Encoding, value=chunked]], body=abcde,"
                        + " trailers=[Field[name=T, value=u]]],"
                        + " Request[method=PUT, target=/q, fields=[Field[name=Content-Length, value=2]], body=hi,"
                        + " trailers=[]]]",
                requests.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: y\rZ: z\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;\r\na\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nx",
            })
    void theOtherReaderIsNoLessStrict(String input) {
        assertThrows(
                IndependentParser.RejectedException.class,
                () -> IndependentParser.parse(input.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
