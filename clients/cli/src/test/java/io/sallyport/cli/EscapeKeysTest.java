package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EscapeKeysTest {
    @Test
    void whatIsTypedGoesToTheProgram() {
        assertEquals(List.of("ls\r\003\033[A"), fed("ls\r\003\033[A"));
    }

    @Test
    void ctrlBracketAndDDetachesAfterWhatWasTypedBefore() {
        assertEquals(List.of("ab", "Detach", "c"), fed("ab\035dc"));
    }

    @Test
    void theTwoKeysMayComeInTwoReads() {
        assertEquals(List.of("a", "Interrupt", "b"), fed("a\035", "cb"));
        assertEquals(List.of("Help"), fed("\035", "?"));
    }

    @Test
    void twiceIsOnceForTheProgram() {
        assertEquals(List.of("\035d"), fed("\035\035d"));
    }

    @Test
    void withAnotherKeyBothGoToTheProgram() {
        assertEquals(List.of("\035xd"), fed("\035xd"));
        assertEquals(List.of("\035x"), fed("\035", "x"));
    }

    private static List<String> fed(String... reads) {
        var keys = new EscapeKeys();
        var seen = new ArrayList<String>();
        for (var read : reads) {
            var bytes = read.getBytes(StandardCharsets.ISO_8859_1);
            for (var action : keys.feed(bytes, bytes.length)) {
                seen.add(
                        switch (action) {
                            case EscapeKeys.Action.Input(var input) -> new String(input, StandardCharsets.ISO_8859_1);
                            case EscapeKeys.Action.Detach() -> "Detach";
                            case EscapeKeys.Action.Interrupt() -> "Interrupt";
                            case EscapeKeys.Action.Help() -> "Help";
                        });
            }
        }
        return seen;
    }
}
