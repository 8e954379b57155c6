package io.sallyport.agent.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.http1.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathRewriteTest {
    private static final String PREFIX = "/proxy/cl-0e41p9wk5yvv2g2unrb4geqkf/3000";
    private static final PathMode.Place PLACE = PathMode.Place.of(PREFIX + "/").orElseThrow();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Location | /x?a#b | {P}/x?a#b
            Location | {P}/x | {P}/x
            Location | {P} | {P}
            Location | {P}0/x | {P}{P}0/x
            Location | x/y | x/y
            Location | //evil.test/x | //evil.test/x
            Location | http://localhost:3000/x | {P}/x
            Location | http://localhost:3000 | {P}/
            Location | http://localhost:30000/x | http://localhost:30000/x
            Location | https://example.com/x | https://example.com/x
            Content-Location | /doc | {P}/doc
            Set-Cookie | a=1 | a=1
            Set-Cookie | a=1; Path=/; HttpOnly | a=1; Path={P}/; HttpOnly
            Set-Cookie | a=1;path=/app | a=1; Path={P}/app
            Set-Cookie | path=/; Path={P}/x | path=/; Path={P}/x
            X-Other | /x | /x
            """)
    void putsPlacesBehindThePrefixOnce(String name, String said, String received) {
        assertEquals(Headers.of(name, full(received)), PathRewrite.apply(Headers.of(name, full(said)), PLACE));
    }

    /// With the prefix for each `{P}`.
    private static String full(String text) {
        return text.replace("{P}", PREFIX);
    }

    @Test
    void aServiceWorkerGetsNoWiderScope() {
        assertEquals(Headers.EMPTY, PathRewrite.apply(Headers.of("Service-Worker-Allowed", "/"), PLACE));
    }

    @Test
    void onlyAWholePlaceIsOne() {
        assertEquals("//x?y", PathMode.Place.of(PREFIX + "//x?y").orElseThrow().rest());
        assertEquals("", PathMode.Place.of(PREFIX).orElseThrow().rest());
        assertEquals("?q", PathMode.Place.of(PREFIX + "?q").orElseThrow().rest());
        for (var none :
                new String[] {"/proxy/", "/proxy/x/1/", PREFIX + "0000", "/other", "/proxy/cl-0e41p9wk5yvv2g2unrb4geqkf"
                }) {
            assertTrue(PathMode.Place.of(none).isEmpty(), none);
        }
    }
}
