package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.wire.address.IpBlock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One entry that cannot be taken as it stands refuses the whole policy, and the message says which and why.
final class PolicyRefusalTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "**",
                "**.a.com",
                "*.*.a.com",
                "a*.com",
                "*a.com",
                "a.*.com",
                "*.",
                "*.com",
                "*.COM.",
                "*.co.uk",
                "*.com.au",
                "*.10.0.0.0",
                "*.1",
                ".a.com",
                "a..com",
                "a.com:443",
                "https://a.com",
                "a.com/path",
                "user@a.com",
                "10.0.0.1/8",
                "8.8.8.8/33",
                "8.8.8",
                "0x08080808",
                "[2606:4700::1]",
                "2606:4700::1/32",
                "fe80::1%eth0",
                "faß.de",
                "a b.com",
                " a.com",
                "a.com ",
                "a.com\n",
                "a_.com/",
                "xn--.com",
                "8.8.8.0/24/24",
                "*/0"
            })
    void refusesWhatIsNoTarget(String target) {
        var message = refusal(new Rule[] {Rule.of("ok.com"), Rule.of(target)});
        assertTrue(message.startsWith("allow[1]: \""), message);
        assertTrue(message.endsWith("(expected: " + Target.EXPECTED + ")"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.com 0 | allow[0].ports[0]: 0 (expected: 1 to 65535)",
                "a.com 443 65536 | allow[0].ports[1]: 65536 (expected: 1 to 65535)",
                "a.com ftp | allow[0].schemes[0]: \"ftp\" (expected: https, http or tcp)",
                "a.com Get | allow[0].methods[0]: \"Get\" (expected: a method of HTTP in upper case)",
                "a.com GET, | allow[0].methods[0]: \"GET,\" (expected: a method of HTTP in upper case)",
                "8.8.8.0/24 GET | allow[0]: methods or paths at \"8.8.8.0/24\" (expected: a host name or wildcard)",
                "8.8.8.8 /x | allow[0]: methods or paths at \"8.8.8.8\" (expected: a host name or wildcard)",
                "a.com tcp GET | allow[0]: methods or paths of tcp (expected: https or http)",
                "8.8.8.8;169.254.0.0/16 | allow[1]: \"169.254.0.0/16\" is link_local and never reached (expected: public"
                        + " addresses, or private ones that the operator has listed)"
            })
    void namesTheEntryAndWhatWasExpected(String rules, String message) {
        assertEquals(message, refusal(Policies.rules(rules).toArray(Rule[]::new)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a*b",
                "/**",
                "/a?b",
                "/a#b",
                "/a/../b",
                "/./a",
                "//a",
                "/a%2fb",
                "/a\\b",
                "/a%",
                "/a%zz",
                "/a;b",
                "/%00",
                "/a/%2e%2e/*",
                "/é",
                "/a%c0%af"
            })
    void refusesAPathThatIsAmbiguous(String path) {
        var message = refusal(new Rule("a.com", List.of(), List.of(), List.of(), List.of("/ok", path)));
        assertTrue(message.startsWith("allow[0].paths[1]: \""), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "192.168.1.1",
                "127.0.0.1",
                "::1",
                "fd00::/8",
                "100.64.0.0/10",
                "::ffff:10.0.0.0/104",
                "64:ff9b::10.0.0.1",
                "168.63.129.16",
                "64:ff9b::a00:0/104"
            })
    void refusesToAllowWhatIsNeverReached(String target) throws Exception {
        assertTrue(refusal(Rule.of(target)).contains("never reached"));
        var denying = Policies.policy(Mode.OPEN, Precedence.DENY, List.of(), List.of(Rule.of(target)));
        assertDoesNotThrow(() -> CompiledPolicy.compile(denying));
        var listed = List.of(
                IpBlock.parse("0.0.0.0/0").orElseThrow(), IpBlock.parse("::/0").orElseThrow());
        assertDoesNotThrow(() -> CompiledPolicy.compile(Policies.allowing(Rule.of(target)), listed));
    }

    @Test
    void theOperatorsBlockMustHoldAllOfIt() {
        var listed = List.of(IpBlock.parse("10.1.0.0/16").orElseThrow());
        assertDoesNotThrow(() -> CompiledPolicy.compile(Policies.allowing(Rule.of("10.1.2.0/24")), listed));
        assertThrows(
                PolicyException.class, () -> CompiledPolicy.compile(Policies.allowing(Rule.of("10.0.0.0/8")), listed));
    }

    @Test
    void namesTheListOfDenials() {
        var policy = Policies.policy("open deny", "", "a.com;*.com");
        assertTrue(refusal(policy).startsWith("deny[1]: \"*.com\" (expected: "));
    }

    @Test
    void limitsHowMuchItTakes() {
        var rules = Collections.nCopies(1025, Rule.of("a.com"));
        assertEquals(
                "allow: 1025 entries (expected: at most 1024)",
                refusal(Policies.policy(Mode.LIMITED, Precedence.DENY, rules, List.of())));
        var ports = new Rule("a.com", Collections.nCopies(65, 443), null, null, null);
        assertEquals("allow[0].ports: 65 entries (expected: at most 64)", refusal(ports));
    }

    @Test
    void whatSomebodyWroteHarmsNoTerminal() {
        assertTrue(refusal(Rule.of("\u001b[31m\r\n\u202e\""))
                .startsWith("allow[0]: \"\\u001b[31m\\u000d\\u000a\\u202e\\u0022\""));
        assertTrue(refusal(Rule.of("x y".repeat(1000))).length() < 300);
    }

    @ParameterizedTest
    @CsvSource({
        "'*', a, b",
        "8.8.8.8, a, b",
        "a.com, 'a b', b",
        "a.com, '', b",
        "a.com, host, b",
        "a.com, Content-Length, 1",
        "a.com, Transfer_Encoding, b",
        "a.com, proxy-authorization, b",
        "a.com, a:b, c",
        "a.com, a, 'b\u0001'",
        "a.com, a, 'b\r\nc: d'",
        "a.com, a, 'ł'",
        "a.com, a, '${e2b.secrets.}'",
        "a.com, a, '${e2b.secrets.A B}'",
        "a.com, a, '${e2b.secret.A}'",
        "a.com, a, '${A}'",
        "a.com, a, '${e2b.secrets.A'",
        "a.com, a, '${e2b.identity.tokens.A}'"
    })
    void refusesATransformThatCouldDoHarm(String host, String name, String value) {
        var message = refusal(Policies.with(List.of(), List.of(new Transform(host, Map.of(name, value))), List.of()));
        assertTrue(message.startsWith("transforms[0]"), message);
    }

    @Test
    void aHeadersValueStaysOutOfTheMessage() {
        var transform = new Transform("a.com", Map.of("authorization", "Bearer hunter2 ${oops}"));
        var message = refusal(Policies.with(List.of(), List.of(transform), List.of()));
        assertEquals(
                "transforms[0].headers[\"authorization\"]: character 15: a malformed placeholder (expected:"
                        + " ${e2b.secrets.NAME})",
                message);
        assertFalse(message.contains("hunter2"));
    }

    @Test
    void refusesTheSameTwice() {
        var twice = List.of(new Transform("a.com", Map.of()), new Transform("A.com.", Map.of()));
        assertTrue(refusal(Policies.with(List.of(), twice, List.of())).startsWith("transforms[1]: \"A.com.\" again"));
        var names = new Transform("a.com", Map.of("X-Key", "1", "x_key", "2"));
        assertTrue(refusal(Policies.with(List.of(), List.of(names), List.of())).contains(" again "));
        assertTrue(refusal(Policies.with(List.of(), List.of(), List.of("a.com", "a.com")))
                .startsWith("bypass[1]"));
    }

    @ParameterizedTest
    @CsvSource({
        "a.com, a.com GET, true",
        "A.com., a.com /x*, true",
        "x.a.com, *.a.com GET, true",
        "*.a.com, x.y.a.com GET, true",
        "*.a.com, *.a.com GET, true",
        "*.x.a.com, *.a.com GET, true",
        "*.a.com, *.x.a.com GET, true",
        "a.com, * GET, true",
        "*.a.com, * GET, true",
        "a.com, a.com, false",
        "a.com, *.a.com GET, false",
        "*.a.com, a.com GET, false",
        "a.com, ba.com GET, false",
        "*.a.com, x.ba.com GET, false",
        "*.a.com, *.ba.com GET, false",
        "a.com, 8.8.8.8, false"
    })
    void refusesToBypassWhereARuleHasMethodsOrPaths(String bypass, String rule, boolean refused) {
        var ok = Rule.of("ok.com");
        var limited = Policies.rules(rule).getFirst();
        for (boolean denied : new boolean[] {false, true}) {
            var policy = new EgressPolicy(
                    Mode.OPEN,
                    Precedence.DENY,
                    List.of(ok, denied ? ok : limited),
                    List.of(ok, denied ? limited : ok),
                    null,
                    null,
                    List.of(bypass),
                    null,
                    true,
                    false);
            if (refused) {
                var label = (denied ? "deny" : "allow") + "[1] " + limited.target();
                assertEquals(
                        "bypass[0]: \"" + bypass + "\", where " + label + " has methods or paths (expected: hosts about"
                                + " which no rule has methods or paths, as they are never seen there)",
                        refusal(policy));
            } else {
                assertDoesNotThrow(() -> CompiledPolicy.compile(policy));
            }
        }
    }

    @Test
    void refusesOtherMalformedEntries() {
        assertTrue(refusal(Policies.with(List.of("ok", "no no"), List.of(), List.of()))
                .startsWith("secrets[1]"));
        assertTrue(refusal(Policies.with(List.of(), List.of(), List.of("*"))).startsWith("bypass[0]"));
        assertTrue(refusal(Policies.through("a.com", "", "")).startsWith("proxy.address"));
        assertTrue(refusal(Policies.through("10.0.0.1:1080", "", "")).startsWith("proxy.address"));
        assertTrue(refusal(Policies.through("a.com:1080", "é".repeat(128), "")).startsWith("proxy.username"));
        assertTrue(refusal(Policies.through("a.com:1080", "a", "b".repeat(256))).startsWith("proxy.password"));
        assertTrue(refusal(Policies.through("a.com:1080", "", "b")).startsWith("proxy.username"));
        assertDoesNotThrow(() -> CompiledPolicy.compile(Policies.through("a.com:1080", "a", "b".repeat(255))));
    }

    private static String refusal(Rule... rules) {
        return refusal(Policies.allowing(rules));
    }

    private static String refusal(EgressPolicy policy) {
        return String.valueOf(assertThrows(PolicyException.class, () -> CompiledPolicy.compile(policy))
                .getMessage());
    }
}
