package io.sallyport.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.RelayProgram.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
final class RelayProgramTest {
    /// The program as a process.
    static final class Started {
        private Started() {}

        public static void main(String... command) {
            var options = new Options(0, Optional.empty(), Boolean.getBoolean("required"), false, List.of(command));
            System.exit(RelayProgram.run(options, System.getenv(), System.out, System.err));
        }
    }

    @Test
    void takesAPortAndNothingElse() {
        for (int wrong : List.of(-1, 65_536)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Options(wrong, Optional.empty(), false, false, List.of()));
        }
    }

    @Test
    void aShellReadsItsLines() {
        assertEquals("export A='b'\\''c'\nexport B='d e'\n", RelayProgram.exports(Map.of("B", "d e", "A", "b'c")));
    }

    @Test
    void aCommandRunsWithoutARelayAndNeverSeesWhatIsForTheRelay() throws Exception {
        var output = run(Map.of("SALLYPORT_SESSION_ID", "cl-x", "KEPT", "yes"), false, "/usr/bin/env");
        assertTrue(output.contains("KEPT=yes"), output);
        assertTrue(!output.contains("SALLYPORT_SESSION_ID="), output);
        assertTrue(output.contains("relay: off: SALLYPORT_REMOTE is not set"), output);
        assertTrue(output.endsWith("exit 0"), output);
    }

    @Test
    void nothingRunsWhereTheRelayIsRequired() throws Exception {
        var output = run(Map.of(), true, "/bin/echo", "ran");
        assertTrue(!output.contains("ran") && output.endsWith("exit 1"), output);
    }

    @Test
    void startsAgainSoThatNobodyCanAttach() throws Exception {
        var script = "tr '\\0' '\\n' < /proc/$PPID/cmdline";
        var output = run(Map.of(), false, "/bin/sh", "-c", script);
        assertTrue(output.contains("-XX:+DisableAttachMechanism\n"), output);
    }

    private static String run(Map<String, String> variables, boolean required, String... ran)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "-Drequired=" + required,
                Started.class.getName()));
        command.addAll(Arrays.asList(ran));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return output + "exit " + process.exitValue();
    }
}
