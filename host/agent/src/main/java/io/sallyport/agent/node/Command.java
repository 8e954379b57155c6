package io.sallyport.agent.node;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of the host, run to its end.
///
/// - **Limits**: the first [#OUTPUT_BYTES_MAX] bytes of output are kept; `wait` is how long it may take.
public final class Command {
    private static final int OUTPUT_BYTES_MAX = 64 << 10;

    private Command() {}

    /// How it ended and what it said on both outputs.
    public record Result(int exitCode, String output) {
        public boolean ok() {
            return exitCode == 0;
        }
    }

    public static Result run(Path directory, Duration wait, List<String> command) throws IOException {
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        return await(process, new Output(process.getInputStream()), wait, command);
    }

    /// Runs it and expects success.
    public static void require(Path directory, Duration wait, List<String> command) throws IOException {
        var result = run(directory, wait, command);
        if (!result.ok()) {
            throw new IOException(command.getFirst() + " failed with " + result.exitCode() + ": "
                    + result.output().strip());
        }
    }

    /// Runs it with `input` as its standard input.
    public static Result feed(Path directory, Duration wait, InputStream input, List<String> command)
            throws IOException {
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new Output(process.getInputStream());
        // On a platform thread: writing to a pipe would hold the carrier of a virtual one.
        var feeder = Thread.ofPlatform().daemon().name("command-input").start(() -> feed(input, process));
        try {
            if (!feeder.join(wait)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not take its input within " + wait.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while feeding " + command.getFirst(), e);
        }
        return await(process, output, wait, command);
    }

    private static void feed(InputStream input, Process process) {
        try (var stdin = process.getOutputStream()) {
            input.transferTo(stdin);
        } catch (IOException e) {
            // The program stopped reading: its exit code and output say why. If the input broke, so must the program.
            process.destroy();
        }
    }

    private static Result await(Process process, Output output, Duration wait, List<String> command)
            throws IOException {
        try {
            if (!process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end within " + wait.toSeconds() + " s");
            }
            return new Result(process.exitValue(), output.text());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command.getFirst(), e);
        }
    }

    /// Reads a program's output, keeps the beginning and drops the rest. On a platform thread: reading a pipe would
    /// hold the carrier of a virtual one.
    private static final class Output {
        private static final Duration TAIL_WAIT = Duration.ofMillis(500);

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final InputStream from;
        private final Thread reader;

        Output(InputStream from) {
            this.from = from;
            this.reader = Thread.ofPlatform().daemon().name("command-output").start(this::read);
        }

        /// What was said so far. Gives the reader a moment to see the end, which a child that lives on can put off.
        String text() throws InterruptedException {
            reader.join(TAIL_WAIT);
            synchronized (kept) {
                return kept.toString(StandardCharsets.UTF_8);
            }
        }

        private void read() {
            var buffer = new byte[4 << 10];
            try {
                int n;
                while ((n = from.read(buffer)) >= 0) {
                    synchronized (kept) {
                        kept.write(buffer, 0, Math.min(n, OUTPUT_BYTES_MAX - kept.size()));
                    }
                }
            } catch (IOException e) {
                // The program is gone, and what it said so far is known.
            }
        }
    }
}
