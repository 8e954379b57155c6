package io.sallyport.relay.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuardTest {
    private static final String OFF = "-XX:+DisableAttachMechanism";
    private static final String ON = "-XX:-DisableAttachMechanism";

    private static final int PR_GET_DUMPABLE = 3;

    @TempDir
    private Path directory;

    @Test
    void findsTheOptionWhereverTheJvmReadsIt() throws IOException {
        var file = Files.writeString(directory.resolve("options"), "-Xmx64m\n" + OFF + "\n-Xms4m\n");
        assertTrue(off(Map.of(), List.of(OFF, "-jar", "/lib/daemon.jar")));
        assertTrue(off(Map.of(), List.of("@" + file, "-jar", "/lib/daemon.jar")));
        assertTrue(off(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g " + OFF), List.of()));
        assertTrue(off(Map.of("JDK_JAVA_OPTIONS", OFF), List.of()));
        assertFalse(off(Map.of(), List.of()));
        assertFalse(off(Map.of(), List.of("@" + directory.resolve("absent"))));
    }

    @Test
    void theLastWordCounts() {
        assertFalse(off(Map.of("JAVA_TOOL_OPTIONS", OFF), List.of(ON)));
        assertTrue(off(Map.of("JAVA_TOOL_OPTIONS", ON), List.of(OFF)));
    }

    @Test
    void theProgramsOwnArgumentsAreNoOptions() {
        assertFalse(off(Map.of(), List.of("-cp", "/lib/a.jar:/lib/b.jar", "io.sallyport.Main", OFF)));
    }

    @Test
    void afterwardsTheKernelRefusesTracing() throws Throwable {
        Guard.raise();
        var prctl = Libc.function(
                "prctl",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(1));
        try (var arena = Arena.ofConfined()) {
            assertEquals(0, (int) prctl.invokeExact(Libc.newState(arena), PR_GET_DUMPABLE));
        }
    }

    private static boolean off(Map<String, String> environment, List<String> arguments) {
        return Guard.isOff(environment, arguments);
    }
}
