package io.sallyport.control.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaskedHeadersTest {
    private static final String SECRET = "${e2b.secrets.A}";

    @ParameterizedTest
    @CsvSource({
        "hush, ***",
        "'', ''",
        "${e2b.secrets.A}, ${e2b.secrets.A}",
        "Bearer ${e2b.secrets.A}, ***${e2b.secrets.A}",
        "${e2b.secrets.A}:${e2b.secrets.B}!, ${e2b.secrets.A}***${e2b.secrets.B}***",
        "${e2b.secrets.hush, ***",
        "${e2b.secret.hush}, ***"
    })
    void showsPlaceholdersOnly(String value, String shown) {
        assertEquals(Map.of("x-key", shown), MaskedHeaders.of(Map.of("x-key", value)));
    }

    @Test
    void whatIsGivenBackUnchangedIsWhatItWas() throws Exception {
        var before = policy("a.example", "Bearer " + SECRET);
        assertEquals(before, MaskedHeaders.restored(policy("a.example", "***" + SECRET), before));
        var other = policy("b.example", "new");
        assertEquals(other, MaskedHeaders.restored(other, before));
    }

    @ParameterizedTest
    @CsvSource({"b.example, ***", "a.example, ***x", "a.example, ***${e2b.secrets.A}", "a.example, Bearer ***"})
    void aMaskThatStandsForNothingKnownIsRefused(String host, String value) {
        var before = policy("a.example", "hush");
        var e = assertThrows(
                PolicyJson.FormatException.class, () -> MaskedHeaders.restored(policy(host, value), before));
        var message = String.valueOf(e.getMessage());
        assertEquals("header x-key for " + host + ": *** stands for", message.substring(0, message.indexOf(" what")));
        assertFalse(message.contains("hush"), message);
    }

    @Test
    void anotherHeaderOfTheHostDoesNotGetTheValue() {
        var wanted = with(new Transform("a.example", Map.of("x-echo", "***")));
        assertThrows(
                PolicyJson.FormatException.class, () -> MaskedHeaders.restored(wanted, policy("a.example", "hush")));
    }

    private static EgressPolicy policy(String host, String value) {
        return with(new Transform(host, Map.of("x-key", value)));
    }

    private static EgressPolicy with(Transform transform) {
        return PolicyJson.withTransforms(EgressPolicy.OPEN, List.of(transform));
    }
}
