package io.sallyport.relay.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EnvironmentTest {
    private static final Map<String, String> OURS =
            Environment.of(49_986, Path.of("/run/sallyport/ca-bundle.crt"), Path.of("/run/sallyport/trust.p12"));

    @Test
    void saysTheProxyInBothSpellings() {
        for (var key : List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")) {
            assertEquals("http://127.0.0.1:49986", OURS.get(key), key);
        }
        assertEquals(OURS.get("NO_PROXY"), OURS.get("no_proxy"));
    }

    @Test
    void saysTheBundleToEveryToolThatReadsAVariable() {
        for (var key : List.of(
                "SSL_CERT_FILE",
                "NODE_EXTRA_CA_CERTS",
                "REQUESTS_CA_BUNDLE",
                "CURL_CA_BUNDLE",
                "GIT_SSL_CAINFO",
                "AWS_CA_BUNDLE",
                "DENO_CERT",
                "CARGO_HTTP_CAINFO",
                "PIP_CERT",
                "BUNDLE_SSL_CA_CERT",
                "HEX_CACERTS_PATH",
                "NIX_SSL_CERT_FILE")) {
            assertEquals("/run/sallyport/ca-bundle.crt", OURS.get(key), key);
        }
        assertEquals("1", OURS.get("NODE_USE_ENV_PROXY"));
    }

    @Test
    void leadsJavaToTrustStoreAndProxy() {
        var options = List.of(OURS.getOrDefault("JAVA_TOOL_OPTIONS", "").split(" ", -1));
        assertTrue(options.contains("-Djavax.net.ssl.trustStore=/run/sallyport/trust.p12"));
        assertTrue(options.contains("-Dhttps.proxyHost=127.0.0.1"));
        assertTrue(options.contains("-Dhttps.proxyPort=49986"));
        assertTrue(options.contains("-Djdk.http.auth.tunneling.disabledSchemes="));
        var hosts = options.stream()
                .filter(option -> option.startsWith("-Dhttp.nonProxyHosts="))
                .findFirst()
                .orElseThrow();
        assertTrue(hosts.contains("localhost|") && hosts.contains("|172.16.*|") && hosts.endsWith("|172.31.*"), hosts);
        assertFalse(hosts.contains("172.32."), hosts);
    }

    @Test
    void dialsLoopbackAndPrivateRangesDirectlyInEveryFormThatParsersKnow() {
        var forms = List.of(OURS.getOrDefault("NO_PROXY", "").split(",", -1));
        assertEquals(Environment.NO_PROXY, forms);
        assertTrue(forms.containsAll(List.of("localhost", ".localhost", "*.localhost")), "three forms of a name");
        assertTrue(forms.containsAll(List.of("127.0.0.1", "::1", "[::1]")), "addresses for parsers without blocks");
        assertTrue(forms.containsAll(List.of("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")));
        assertTrue(forms.containsAll(List.of("169.254.0.0/16", "fe80::/10", "fc00::/7")));
        assertTrue(forms.stream().noneMatch(form -> form.isBlank() || form.contains(" ")));
    }

    static Stream<Arguments> ownValues() {
        return Stream.of(
                Arguments.of("an own proxy", Map.of("HTTPS_PROXY", "http://own:1"), "https_proxy", null),
                Arguments.of("in lower case", Map.of("https_proxy", "http://own:1"), "HTTPS_PROXY", null),
                Arguments.of("none, said so", Map.of("HTTPS_PROXY", ""), "https_proxy", null),
                Arguments.of("an own NO_PROXY", Map.of("NO_PROXY", "*"), "no_proxy", null),
                Arguments.of("an own bundle", Map.of("SSL_CERT_FILE", "/own"), "SSL_CERT_FILE", "/own"),
                Arguments.of("only that one", Map.of("SSL_CERT_FILE", "/own"), "CURL_CA_BUNDLE", "ours"),
                Arguments.of("another variable", Map.of("A", "b"), "HTTPS_PROXY", "ours"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ownValues")
    void ownValuesWin(
            String what, Map<String, String> own, String key, @org.jspecify.annotations.Nullable String expected) {
        var merged = Environment.under(OURS, own);
        own.forEach((name, value) -> assertEquals(value, merged.get(name)));
        assertEquals("ours".equals(expected) ? OURS.get(key) : expected, merged.get(key));
    }

    @Test
    void optionsOfJavaAreJoinedAndOwnOnesComeLast() {
        var merged = Environment.under(OURS, Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g"));
        assertEquals(OURS.get("JAVA_TOOL_OPTIONS") + " -Xmx1g", merged.get("JAVA_TOOL_OPTIONS"));
    }

    @Test
    void nothingOfOursChangesNothing() {
        assertEquals(Map.of("A", "b"), Environment.under(Map.of(), Map.of("A", "b")));
    }

    @Test
    void inheritsAddressAndTrustTogetherOrNothing() {
        var both =
                Map.of("HTTPS_PROXY", "http://outer:1", "SSL_CERT_FILE", "/outer", "no_proxy", "x", "UNRELATED", "y");
        assertEquals(
                Map.of("HTTPS_PROXY", "http://outer:1", "SSL_CERT_FILE", "/outer", "no_proxy", "x"),
                Environment.inherited(both));
        assertEquals(Map.of(), Environment.inherited(Map.of("HTTPS_PROXY", "http://outer:1")));
        assertEquals(Map.of(), Environment.inherited(Map.of("SSL_CERT_FILE", "/outer")));
        assertEquals(Map.of(), Environment.inherited(Map.of("HTTPS_PROXY", "", "SSL_CERT_FILE", "/outer")));
        assertEquals(Map.of(), Environment.inherited(Map.of()));
    }
}
