package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortTest {
    @Test
    void readsCanonicalPorts() {
        assertEquals(1, Port.parse("1").orElseThrow().number());
        assertEquals(65535, Port.parse("65535").orElseThrow().number());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "080", "65536", "70000", "99999", "100000", "-1", "+1", "1 ", "8o", "\u0661"})
    void refusesEverythingElse(String text) {
        assertTrue(Port.parse(text).isEmpty());
    }
}
