package io.sallyport.rpc.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EgressRefusalTest {
    private static String json(EgressRefusal refusal) {
        return new String(refusal.json(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(EgressReason.class)
    void saysWhatTheTableSays(EgressReason reason) {
        assertEquals(
                "{\"code\":" + reason.status() + ",\"reason\":\"" + reason.id() + "\",\"message\":\""
                        + reason.sentence() + "\",\"retryable\":" + reason.retryable() + "}",
                json(EgressRefusal.of(reason)));
    }

    @Test
    void aCloserSentenceChangesNothingElse() {
        assertEquals(
                "{\"code\":400,\"reason\":\"bad_request\",\"message\":\"a \\\"quote\\\"\",\"retryable\":false}",
                json(EgressRefusal.of(EgressReason.BAD_REQUEST).because("a \"quote\"")));
    }
}
