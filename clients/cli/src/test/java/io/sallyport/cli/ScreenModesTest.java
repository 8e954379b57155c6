package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ScreenModesTest {
    @Test
    void whatWasNotSwitchedOnIsNotSwitchedOff() {
        assertEquals("", resetAfter("$ ls\r\n\033[1;32mfile\033[0m\r\n\033]0;title\007\033[2J\033[H"));
        assertEquals("", resetAfter("\033[?2004h\033[?2004l\033[?25l\033[?25h\033[?1049h\033[?1049l"));
    }

    @Test
    void whatAnEditorLeavesIsSwitchedOff() {
        assertEquals(
                "\033>\033[?2004l\033[?1049l\033[?1006l\033[?1002l\033[?25h\033[?1l\033[0m",
                resetAfter("\033[?1049h\033[?1h\033=\033[?25l\033[?1002;1006h\033[?2004h"));
        assertEquals("\033[<1u\0337\033[r\0338\033[>4m\033(B\033[0m", resetAfter("\033[>1u\033[>4;2m\033[2;20r\033(0"));
    }

    @Test
    void aFullResetForgetsAll() {
        assertEquals("", resetAfter("\033[?1049h\033[?25l\033c"));
    }

    @Test
    void aSequenceThatBreaksOffIsEnded() {
        assertEquals("\030\033[0m", resetAfter("\033[?10"));
        assertEquals("\033\\\033[0m", resetAfter("\033]0;half a ti"));
    }

    @Test
    void knowsTheOtherScreenAndTheMiddleOfACharacter() {
        var modes = new ScreenModes();
        feed(modes, "\033[?104");
        assertFalse(modes.atRest());
        feed(modes, "9h");
        assertTrue(modes.atRest());
        assertTrue(modes.otherScreen());
        var euro = "€".getBytes(StandardCharsets.UTF_8);
        modes.feed(euro, 0, 2);
        assertFalse(modes.atRest());
        modes.feed(euro, 2, 1);
        assertTrue(modes.atRest());
    }

    private static void feed(ScreenModes modes, String output) {
        var bytes = output.getBytes(StandardCharsets.UTF_8);
        modes.feed(bytes, 0, bytes.length);
    }

    private static String resetAfter(String output) {
        var modes = new ScreenModes();
        feed(modes, output);
        return new String(modes.reset(), StandardCharsets.UTF_8);
    }
}
