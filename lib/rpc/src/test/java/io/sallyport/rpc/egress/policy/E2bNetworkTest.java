package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.policy.E2bNetwork.Headers;
import io.sallyport.rpc.egress.policy.E2bNetwork.HostRule;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages and decisions as reference/sandbox-api.md §4.5 has them.
final class E2bNetworkTest {
    private static final String ALL_TRAFFIC = "0.0.0.0/0";
    private static final String DOMAINS = "When specifying allowed domains in allow out, you must include 'ALL_TRAFFIC'"
            + " in deny out to block all other traffic.";

    @Test
    void nothingSaidAllowsAll() throws Exception {
        var policy = new E2bNetwork(null, null, null, null, null).toPolicy();
        assertEquals(Mode.OPEN, policy.mode());
        assertEquals(Precedence.ALLOW, policy.precedence());
        assertEquals(List.of(), policy.allow());
        assertEquals(List.of(), policy.deny());
        assertNull(policy.proxy());
        assertTrue(policy.transparent());
    }

    @Test
    void noInternetAccessIsAllTrafficDenied() throws Exception {
        assertEquals(
                network("", ALL_TRAFFIC, true).toPolicy(),
                network("", "", false).toPolicy());
        assertEquals(
                List.of(Rule.of("a.com")),
                network("a.com", "", false).toPolicy().allow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | a.com | invalid denied CIDR a.com",
                "'' | * | invalid denied CIDR *",
                "'' | 1.2.3.4 1.2.3.4/33 | invalid denied CIDR 1.2.3.4/33",
                "'' | 1.2.3 | invalid denied CIDR 1.2.3",
                "'' | 1.2.3.4/x | invalid denied CIDR 1.2.3.4/x",
                "a_b!.com | 0.0.0.0/0 | invalid allowed address a_b!.com",
                "1.2.3.4/33 | 0.0.0.0/0 | invalid allowed address 1.2.3.4/33",
                "256.1.1.1 | 0.0.0.0/0 | invalid allowed address 256.1.1.1",
                "a.com:443 | 0.0.0.0/0 | invalid allowed address a.com:443",
                "*.com | 0.0.0.0/0 | invalid allowed address *.com",
                "bad! | bad! | invalid denied CIDR bad!",
                "bad! a.com | '' | invalid allowed address bad!"
            })
    void saysWhatIsInvalidTheDenialsFirst(String allow, String deny, String message) {
        assertEquals(message, refusal(network(allow, deny, true)));
    }

    @ParameterizedTest
    @CsvSource({"a.com, ''", "*.a.com, 8.8.8.8", "'*', ''", "8.8.8.8 a.com, ::/0", "a.com, 0.0.0.0/1"})
    void namesAreAllowedOnlyWhereTheRestIsDenied(String allow, String deny) {
        assertEquals(DOMAINS, refusal(network(allow, deny, true)));
    }

    /// Allowed name, allowed address, denied address, allowed.
    @ParameterizedTest
    @CsvSource({
        "'', '', a.com, 8.8.8.8, true",
        "a.com, 0.0.0.0/0, a.com, 8.8.8.8, true",
        "a.com, 0.0.0.0/0, A.COM, 8.8.8.8, true",
        "a.com, 0.0.0.0/0, b.a.com, 8.8.8.8, false",
        "*.a.com, 0.0.0.0/0, c.b.a.com, 8.8.8.8, true",
        "*.a.com, 0.0.0.0/0, a.com, 8.8.8.8, false",
        "'*', 0.0.0.0/0, b.com, 8.8.8.8, true",
        "a.com, 0.0.0.0/0, 8.8.8.8, 8.8.8.8, false",
        "a.com, 0.0.0.0/0, [2606:4700::1], 2606:4700::1, false",
        "8.8.8.8, 0.0.0.0/0, 8.8.8.8, 8.8.8.8, true",
        "8.8.8.8, 0.0.0.0/0, b.com, 8.8.8.8, true",
        "8.8.8.8, 0.0.0.0/0, b.com, 9.9.9.9, false",
        "8.8.8.8, 8.8.8.0/24, 8.8.8.8, 8.8.8.8, true",
        "8.8.8.8, 8.8.8.0/24, 8.8.8.9, 8.8.8.9, false",
        "'', 8.8.8.9/24, 8.8.8.8, 8.8.8.8, false",
        "'', 8.8.8.0/24, b.com, 8.8.8.8, false",
        "'', 8.8.8.0/24, b.com, 9.9.9.9, true",
        "'', '', 10.0.0.1, 10.0.0.1, false",
        "'', '', a.com, 10.0.0.1, false",
        "a.com, 0.0.0.0/0, a.com, 169.254.169.254, false",
        "0.0.0.0/0, 0.0.0.0/0, a.com, 100.64.0.1, false"
    })
    void decidesInTheirOrder(String allow, String deny, String host, String address, boolean expected)
            throws Exception {
        var policy = CompiledPolicy.compile(network(allow, deny, true).toPolicy());
        var asked = Destination.parseAuthority(host + ":443").orElseThrow();
        var dialled = IpAddress.parse(address).orElseThrow();
        boolean allowed = policy.connect(asked, "https").isAllowed()
                && policy.address(asked, "https", dialled).isAllowed();
        assertEquals(expected, allowed);
    }

    @Test
    void rulesBecomeTransformsAndGrantNoAccess() throws Exception {
        var headers = Map.of("Authorization", "Bearer ${e2b.secrets.TOKEN}");
        var rules = Map.of("*.a.com", List.of(new HostRule(new Headers(headers))), "b.com", List.<HostRule>of());
        var policy = new E2bNetwork(null, List.of(ALL_TRAFFIC), rules, null, null).toPolicy();
        assertEquals(List.of(new EgressPolicy.Transform("*.a.com", headers)), policy.transforms());
        var asked = Destination.parseAuthority("x.a.com:443").orElseThrow();
        assertFalse(CompiledPolicy.compile(policy).connect(asked, "https").isAllowed());
    }

    @Test
    void rulesHaveLimits() {
        var hosts = new LinkedHashMap<String, List<HostRule>>();
        for (int i = 0; i < 11; i++) {
            hosts.put("a" + i + ".com", List.of());
        }
        assertEquals("rules: 11 domains (expected: at most 10)", refusal(hosts));
        var one = new HostRule(new Headers(Map.of("a", "b")));
        assertEquals(
                "rules[\"a.com\"]: 2 transforms (expected: at most 1)", refusal(Map.of("a.com", List.of(one, one))));
        var expected = " (expected: a DNS name of at most 128 characters)";
        assertEquals("rules: \"8.8.8.8\"" + expected, refusal(Map.of("8.8.8.8", List.of(one))));
        assertEquals("rules: \"*\"" + expected, refusal(Map.of("*", List.of(one))));
        var label = "a".repeat(60);
        var accepted = label + "." + label + ".abc.com";
        assertTrue(refusal(Map.of("a." + accepted, List.of(one))).endsWith(expected));
        assertHeaders("21 headers (expected: at most 20)", names(21, "v"));
        assertHeaders("2049 characters (expected: at most 2048)", Map.of("a", "b".repeat(2049)));
        assertHeaders("at most 64 characters)", Map.of("a".repeat(65), "b"));
        assertHeaders("(expected: ${e2b.secrets.NAME})", Map.of("a", "${e2b.secrets.}"));
        assertHeaders("identity tokens, which do not exist here", Map.of("a", "${e2b.identity.tokens.x}"));
        var secrets = new StringBuilder();
        for (int i = 0; i < 33; i++) {
            secrets.append("${e2b.secrets.s").append(i).append('}');
        }
        assertHeaders("33 secrets (expected: at most 32)", Map.of("a", secrets.toString()));
    }

    @Test
    void takesTheProxy() throws Exception {
        var proxy = new EgressPolicy.Proxy("proxy.a.com:1080", "me", "hunter2");
        var network = new E2bNetwork(null, null, null, proxy, null);
        assertEquals(proxy, network.toPolicy().proxy());
        assertFalse(network.toString().contains("hunter2"));
    }

    @Test
    void isReadFromJson() throws Exception {
        var json = """
                {"allowOut": ["a.com"], "denyOut": ["0.0.0.0/0"], "allowPublicTraffic": false,
                 "rules": {"a.com": [{"transform": {"headers": {"X-Key": "secret"}}}]},
                 "egressProxy": {"address": "p.com:1080", "username": "u", "password": "p"}}""";
        var network = RecordJson.read(json.getBytes(StandardCharsets.UTF_8), E2bNetwork.class);
        assertTrue(network.allowInternetAccess());
        var policy = network.toPolicy();
        assertEquals(Map.of("X-Key", "secret"), policy.transforms().getFirst().headers());
        assertEquals("p.com:1080", Objects.requireNonNull(policy.proxy()).address());
        assertFalse(network.toString().contains("secret"));
    }

    private static void assertHeaders(String message, Map<String, String> headers) {
        var refusal = refusal(Map.of("a.com", List.of(new HostRule(new Headers(headers)))));
        assertTrue(refusal.startsWith("rules[\"a.com\"].transform.headers") && refusal.contains(message), refusal);
    }

    private static Map<String, String> names(int count, String value) {
        var names = new LinkedHashMap<String, String>();
        Collections.nCopies(count, value).forEach(v -> names.put("n" + names.size(), v));
        return names;
    }

    private static String refusal(Map<String, List<HostRule>> rules) {
        return refusal(new E2bNetwork(null, null, rules, null, null));
    }

    private static String refusal(E2bNetwork network) {
        return String.valueOf(
                assertThrows(PolicyException.class, network::toPolicy).getMessage());
    }

    private static E2bNetwork network(String allow, String deny, @Nullable Boolean internet) {
        return new E2bNetwork(words(allow), words(deny), null, null, internet);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
