package io.sallyport.control.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceholderMakerTest {
    private static final String BODY = "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ";

    @ParameterizedTest
    @ValueSource(strings = {"ghp_", "sk-ant-api03-", "sk-", "xoxb-", "AIza", "github_pat_"})
    void looksLikeItsKindAndHoldsNothingOfTheValue(String kind) {
        var placeholder = PlaceholderMaker.forValue(kind + BODY);
        assertTrue(placeholder.matches(kind + "[0-9a-z]{36}"), placeholder);
    }

    @Test
    void whatIsOfNoKnownKindOrShortGetsOneOfOurs() {
        for (var value : new String[] {"hunter2-hunter2", "ghp_short", BODY}) {
            var placeholder = PlaceholderMaker.forValue(value);
            assertTrue(placeholder.matches("spsec_[0-9a-z]{32}"), placeholder);
            assertFalse(placeholder.contains(value), placeholder);
        }
    }

    @Test
    void noTwoAreTheSame() {
        assertNotEquals(PlaceholderMaker.forValue("ghp_" + BODY), PlaceholderMaker.forValue("ghp_" + BODY));
        assertEquals(38, PlaceholderMaker.forValue(BODY).length());
    }
}
