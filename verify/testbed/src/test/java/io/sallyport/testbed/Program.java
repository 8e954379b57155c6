package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The program as people start it: a process of its own.
final class Program {
    private static final Duration READY_WAIT = Duration.ofSeconds(60);

    private Program() {}

    record Said(int code, String out, String err) {}

    static List<String> java(String... arguments) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Dsallyport.guest.image=" + Testbed.guestImage(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.sallyport.app.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    static ProcessBuilder builder(Path home, List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().put("SALLYPORT_HOME", home.toString());
        builder.environment().remove("SALLYPORT_API_KEY");
        return builder;
    }

    /// Runs a command to its end.
    static Said run(Path home, String... arguments) throws Exception {
        return finish(builder(home, java(arguments)).start());
    }

    static Said finish(Process process) throws Exception {
        process.getOutputStream().close();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> err = threads.submit(() -> process.getErrorStream().readAllBytes());
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            return new Said(process.exitValue(), out, new String(err.get(), StandardCharsets.UTF_8));
        }
    }

    /// Starts one that stays in the foreground, and waits for its word that it is ready.
    ///
    /// @param started gets the process as soon as there is one
    static Process start(Path home, Path log, List<Process> started, String... arguments) throws IOException {
        Files.deleteIfExists(log);
        var process = builder(home, java(arguments))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(process);
        Testbed.eventually(READY_WAIT, "ready: " + String.join(" ", arguments), () -> {
            assertTrue(process.isAlive(), () -> read(log));
            return read(log).lines().anyMatch(line -> line.startsWith("ready "));
        });
        return process;
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? "\n" + Files.readString(file) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }
}
