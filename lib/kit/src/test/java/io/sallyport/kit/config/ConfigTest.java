package io.sallyport.kit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class ConfigTest {
    @TempDir
    private Path directory;

    @Test
    void aFlagComesBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
        var file = file("limits.hold = 1s\nlimits.idle=2s\nlimits.connect = 3s\n");
        var config = Config.of(
                file,
                Map.of("SALLYPORT_LIMITS_HOLD", "10s", "SALLYPORT_LIMITS_IDLE", "20s"),
                Map.of("limits.hold", "100s"));
        assertEquals(Duration.ofSeconds(100), config.duration("limits.hold", Duration.ZERO));
        assertEquals(Duration.ofSeconds(20), config.duration("limits.idle", Duration.ZERO));
        assertEquals(Duration.ofSeconds(3), config.duration("limits.connect", Duration.ZERO));
        assertEquals(Duration.ofSeconds(4), config.duration("limits.other", Duration.ofSeconds(4)));
        config.finish();
    }

    @Test
    void aMisspeltNameIsAnErrorThatKnowsBetter() throws IOException {
        var config = Config.of(file("# limits\nlimits.hodl = 1s\n"), Map.of(), Map.of());
        assertEquals(Duration.ZERO, config.duration("limits.hold", Duration.ZERO));
        var e = assertThrows(ConfigException.class, config::finish);
        assertTrue(
                String.valueOf(e.getMessage()).endsWith(":2: limits.hodl is no setting (did you mean limits.hold?)"));
    }

    @Test
    void aBadValueIsNamedWithItsPlaceAndWhatWasExpected() throws IOException {
        var config = Config.of(file("limits.hold = soon\nx = 0\nword = third\n"), Map.of(), Map.of());
        assertMessage("soon (expected: a time", () -> config.duration("limits.hold", Duration.ZERO));
        assertMessage(":2: x = 0 (expected: 1 to 9)", () -> config.number("x", 1, 1, 9));
        assertMessage("(expected: nanoseconds or", () -> config.word("word", TimeUnit.DAYS));
    }

    @Test
    void aFileThatIsNoneIsRefusedWithItsLine() throws IOException {
        assertMessage("(expected: name = value)", () -> Config.of(file("\nwhat\n"), Map.of(), Map.of()));
        assertMessage("stands at", () -> Config.of(file("a = 1\na = 2\n"), Map.of(), Map.of()));
        assertMessage("cannot read", () -> Config.of(directory.resolve("absent"), Map.of(), Map.of()));
    }

    private static void assertMessage(String part, Executable executable) {
        var message =
                String.valueOf(assertThrows(ConfigException.class, executable).getMessage());
        assertTrue(message.contains(part), message);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("settings"), text);
    }
}
