package io.sallyport.control.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The API takes no value that the egress gateway would refuse.
final class SecretValueTest {
    static IntStream outOfHeaders() {
        return IntStream.concat(IntStream.range(0, ' '), IntStream.rangeClosed(0x7f, 0x9f));
    }

    @ParameterizedTest
    @MethodSource("outOfHeaders")
    void refusesCharactersThatNoHeaderMayHave(int character) {
        var message = refusal("hunter2" + (char) character + "hunter2");
        assertEquals("value: character 7 cannot stand in a header", message.substring(0, message.indexOf(" (")));
    }

    @ParameterizedTest
    @ValueSource(strings = {" hunter2hunter2", "hunter2hunter2 ", "          "})
    void refusesASpaceAtEitherEnd(String value) {
        var message = refusal(value);
        assertEquals("value: begins or ends with a space", message.substring(0, message.indexOf(" (")));
        assertFalse(message.contains("hunter2"));
    }

    @Test
    void takesTheRestAsItIs() throws Exception {
        for (var value : new String[] {"hunter2 hunter2", "\u00a0hunter2\u00ff"}) {
            assertEquals(value, Secrets.value(value));
        }
    }

    private static String refusal(String value) {
        return String.valueOf(assertThrows(Secrets.RefusedException.class, () -> Secrets.value(value))
                .getMessage());
    }
}
