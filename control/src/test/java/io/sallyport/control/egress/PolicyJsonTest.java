package io.sallyport.control.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyJsonTest {
    private static final String WITH_PROXY =
            "{\"mode\":\"open\",\"proxy\":{\"address\":\"p.example:1080\",\"username\":\"me\",\"password\":\"hush\"}}";

    @Test
    void aRuleMayBeItsTargetAlone() throws Exception {
        var policy =
                parse("{\"mode\":\"limited\",\"allow\":[\"a.example\",{\"target\":\"b.example\",\"ports\":[443]}]}");
        assertEquals(Mode.LIMITED, policy.mode());
        assertEquals(Precedence.DENY, policy.precedence());
        assertEquals(Rule.of("a.example"), policy.allow().get(0));
        assertEquals(List.of(443), policy.allow().get(1).ports());
        assertTrue(policy.transparent(), "unless somebody says otherwise");
        assertFalse(parse("{\"mode\":\"open\",\"transparent\":false}").transparent());
    }

    @Test
    void whatIsWrittenReadsTheSameAgain() throws Exception {
        for (var policy : new EgressPolicy[] {EgressPolicy.OPEN, EgressPolicy.NONE, parse(WITH_PROXY)}) {
            assertEquals(policy, PolicyJson.read(PolicyJson.write(policy)));
            assertEquals(policy.mode(), parse(PolicyJson.write(policy)).mode());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{ | body: not JSON",
                "[] | egress: no object",
                "{} | egress.mode: absent",
                "{\"mode\":null} | egress.mode: absent",
                "{\"mode\":\"wide\"} | egress.mode: wide (expected: none, limited, open)",
                "{\"mode\":\"open\",\"x\":1} | egress.x: not known (expected: allow, bypass",
                "{\"mode\":\"open\",\"allow\":{}} | egress.allow: of the wrong type",
                "{\"mode\":\"open\",\"allow\":[1]} | egress.allow[0]: of the wrong type",
                "{\"mode\":\"open\",\"allow\":[null]} | egress: null in a list",
                "{\"mode\":\"open\",\"deny\":[{\"target\":\"a\",\"ports\":[\"x\"]}]} | egress.deny[0].ports[0]: of the wrong",
                "{\"mode\":\"open\",\"proxy\":{\"host\":\"a\"}} | egress.proxy.host: not known",
                "{\"mode\":\"open\"}{} | body: not JSON",
                "{\"mode\":\"open\",\"transparent\":\"perhaps\"} | egress.transparent: of the wrong type",
            })
    void namesWhatIsWrong(String json, String message) {
        var e = assertThrows(PolicyJson.FormatException.class, () -> parse(json));
        assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }

    @Test
    void anythingIsAPolicyOrASentence() {
        var random = new Random(7);
        var seed = WITH_PROXY.getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            var json = seed.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                json[random.nextInt(json.length)] = (byte) random.nextInt(128);
            }
            try {
                var _ = PolicyJson.parse(json);
            } catch (PolicyJson.FormatException e) {
                assertFalse(String.valueOf(e.getMessage()).isBlank());
            }
        }
    }

    @Test
    void whoWasShownAPolicyCanGiveItBackWithoutItsPassword() throws Exception {
        var stored = parse(WITH_PROXY);
        var shown = PolicyJson.shown(stored).toString();
        assertFalse(shown.contains("hush") || shown.contains("password"), shown);
        assertEquals(stored, PolicyJson.keepingPassword(parse(shown), stored));
        var elsewhere = parse(shown.replace("p.example", "q.example"));
        assertEquals(elsewhere, PolicyJson.keepingPassword(elsewhere, stored), "a password goes to no other proxy");
    }

    @Test
    void whatIsWrittenOutInHeadersIsNotShown() throws Exception {
        var policy = parse("{\"mode\":\"open\",\"transforms\":[{\"host\":\"a.example\",\"headers\":{"
                + "\"authorization\":\"Bearer ${e2b.secrets.gh}\",\"x-key\":\"hush\"}}]}");
        var shown = PolicyJson.shown(policy).toString();
        assertFalse(shown.contains("hush") || shown.contains("Bearer"), shown);
        assertTrue(shown.contains("\"***${e2b.secrets.gh}\"") && shown.contains("\"x-key\":\"***\""), shown);
        assertEquals(policy, MaskedHeaders.restored(parse(shown), policy));
    }

    private static EgressPolicy parse(String json) throws PolicyJson.FormatException {
        return PolicyJson.parse(json.getBytes(UTF_8));
    }
}
