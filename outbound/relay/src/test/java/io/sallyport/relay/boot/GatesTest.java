package io.sallyport.relay.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatesTest {
    private static final Map<String, String> OPEN =
            Map.of("SALLYPORT_REMOTE", "1", "SALLYPORT_UPSTREAM_PROXY", "true", "SALLYPORT_SESSION_ID", "cl-session");

    @Test
    void allThreeOpenTheWay() {
        var open = assertInstanceOf(Gates.Open.class, gates(OPEN));
        assertEquals("cl-session", open.sessionId());
        assertEquals("127.0.0.1:49984", open.gateway().text());
        assertFalse(open.required());
        assertFalse(open.transparent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "false", "no", "off", "OFF", " False "})
    void whatMeansNoClosesSilently(String no) {
        assertInstanceOf(Gates.Closed.class, gates(with("SALLYPORT_REMOTE", no)));
        assertInstanceOf(Gates.Closed.class, gates(with("SALLYPORT_UPSTREAM_PROXY", no)));
        assertFalse(((Gates.Open) gates(with("SALLYPORT_EGRESS_REQUIRED", no))).required());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "yes", "on", "anything"})
    void everythingElseMeansYes(String yes) {
        assertTrue(((Gates.Open) gates(with("SALLYPORT_EGRESS_REQUIRED", yes))).required());
        assertTrue(((Gates.Open) gates(with("SALLYPORT_EGRESS_TRANSPARENT", yes))).transparent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a:b", "a b", "a\r\nX: y"})
    void aSessionIdThatIsNoneIsAFailure(String id) {
        assertInstanceOf(Gates.Broken.class, gates(with("SALLYPORT_SESSION_ID", id)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a:1",
                "http://",
                "http://a:0",
                "http://a:65536",
                "http://a:x",
                "http://a:1/path",
                "http://u@a:1",
                "http://::1",
                "a:1"
            })
    void anAddressThatIsNoneIsAFailure(String url) {
        assertInstanceOf(Gates.Broken.class, gates(with("SALLYPORT_EGRESS_URL", url)));
    }

    @Test
    void readsWhereTheGatewayIs() {
        assertEquals("gateway.example:8080", gateway("http://gateway.example:8080/"));
        assertEquals("gateway.example:80", gateway("HTTP://Gateway.example"));
        assertEquals("[::1]:1", gateway("http://[::1]:1"));
        assertEquals("[::1]:80", gateway("http://[::1]/"));
    }

    private static String gateway(String url) {
        return Gates.gateway(url).orElseThrow().text();
    }

    private static Gates gates(Map<String, String> environment) {
        return Gates.of(environment);
    }

    private static Map<String, String> with(String name, String value) {
        var environment = new HashMap<>(OPEN);
        environment.put(name, value);
        return environment;
    }
}
