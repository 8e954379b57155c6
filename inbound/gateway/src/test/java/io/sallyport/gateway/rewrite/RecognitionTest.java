package io.sallyport.gateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The texts are what the servers really said.
final class RecognitionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | text/plain | / | Blocked request. This host ("3000-cl-abc.preview.test") is not allowed. | vite MATCH
            403 | - | / | Invalid Host header | webpack MATCH
            403 | - | /_next/static/chunks/x.js | Unauthorized | next MATCH
            403 | - | /admin | Unauthorized | -
            403 | text/html | /tree | <!DOCTYPE HTML> <html> <head> <title>Jupyter Notebook</title> | jupyter MATCH
            403 | text/html; charset=UTF-8 | /api/kernels/1/channels | Cross origin websockets not allowed | jupyter MATCH
            400 | text/html | / | <meta name="robots"> <title>DisallowedHost at /</title> | django MATCH
            403 | text/html | / | <h1>Blocked host: 3000-cl-abc.preview.test</h1> | rails MATCH
            403 | text/plain | / | Blocked hosts: 3000-cl-abc.preview.test | rails MATCH
            422 | text/html | / | HTTP Origin header (x) didn&#39;t match request.base_url (y) | rails MATCH
            500 | text/html | /json | Host header is specified and is not an IP address or localhost. | devtools STRIP
            403 | text/html | /devtools | Rejected an incoming WebSocket connection from the http://x origin. | devtools STRIP
            403 | text/html | / | Forbidden | -
            400 | text/html | / | Bad Request | -
            500 | text/plain | / | boom | -
            """)
    void recognisesRefusalsOfANameAndNothingElse(int status, String type, String target, String body, String expected) {
        var headers = type.equals("-") ? Headers.EMPTY : Headers.of("Content-Type", type);
        var found =
                Recognition.of(ResponseHead.of(status, headers), target, body.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                expected,
                found.map(profile -> profile.reason() + " " + profile.origin()).orElse("-"));
    }

    @Test
    void looksIntoErrorsOfTextOnly() {
        assertFalse(Recognition.possible(ResponseHead.of(200, Headers.of("Content-Type", "text/html"))));
        assertFalse(Recognition.possible(ResponseHead.of(403, Headers.of("Content-Type", "text/event-stream"))));
        assertFalse(Recognition.possible(ResponseHead.of(500, Headers.of("Content-Type", "application/json"))));
    }

    @Test
    void recognisesWhatIsNoHttp() {
        assertEquals(
                "next",
                Recognition.ofRaw("Unauthorized".getBytes(StandardCharsets.US_ASCII))
                        .orElseThrow()
                        .reason());
        assertFalse(Recognition.ofRaw("SSH-2.0-x".getBytes(StandardCharsets.US_ASCII))
                .isPresent());
    }
}
