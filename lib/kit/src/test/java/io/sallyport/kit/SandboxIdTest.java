package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SandboxIdTest {
    @Test
    void randomIdsAreValidAndDiffer() {
        var seen = new HashSet<SandboxId>();
        for (int i = 0; i < 1000; i++) {
            var id = SandboxId.random();
            assertEquals(id, SandboxId.parse(id.text()).orElseThrow());
            assertTrue(seen.add(id));
        }
    }

    @Test
    void acceptsTheLargestNumberOf128Bits() {
        assertTrue(SandboxId.parse("cl-f5lxx1zz5pnorynqglhzmsp33").isPresent());
        assertTrue(SandboxId.parse("cl-0000000000000000000000000").isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cl-",
                "cl-f5lxx1zz5pnorynqglhzmsp34", // 2^128
                "cl-zzzzzzzzzzzzzzzzzzzzzzzzz",
                "cl-00000000000000000000000000", // 26 digits
                "cl-000000000000000000000000",
                "cl-000000000000000000000000A",
                "CL-0000000000000000000000000",
                "cl-00000000000000000000000-0",
                "xx-0000000000000000000000000",
                "cl-000000000000000000000000\u0661", // a digit, but not one of ours
            })
    void refusesWhatIsNoId(String text) {
        assertTrue(SandboxId.parse(text).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new SandboxId(text));
    }
}
