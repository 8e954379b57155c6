package io.sallyport.control.tenant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void bothPrefixesNameTheSameSecret() {
        var ours = ApiKey.parse("spk_" + SECRET).orElseThrow();
        var theirs = ApiKey.parse("e2b_" + SECRET).orElseThrow();
        assertEquals(ours, theirs);
        assertArrayEquals(ours.hash(), theirs.hash());
        assertEquals("spk_" + SECRET, theirs.text());
    }

    @Test
    void randomKeysCanBeRead() {
        var key = ApiKey.random();
        assertEquals(key, ApiKey.parse(key.text()).orElseThrow());
        assertFalse(key.toString().contains(key.secret()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                SECRET,
                "xyz_" + SECRET,
                "spk_" + SECRET + "0",
                "spk_0123456789ABCDEF0123456789abcdef01234567",
                " spk_" + SECRET,
                "spk_",
            })
    void refusesEverythingElse(String text) {
        assertTrue(ApiKey.parse(text).isEmpty());
    }
}
