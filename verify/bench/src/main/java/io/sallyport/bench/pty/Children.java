package io.sallyport.bench.pty;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Processes that have started, each with a log.
///
/// - **Closes**: ends them, the last one first; also when this process is told to end.
final class Children implements Closeable {
    private static final Duration READY_WAIT = Duration.ofMinutes(1);
    private static final long STEP_NANOS = 10_000_000;
    private static final int END_SECONDS = 40;

    private final Path directory;
    private final Deque<Process> started = new ConcurrentLinkedDeque<>();
    private final Thread hook = new Thread(this::end);
    private volatile Farewell farewell = () -> {};

    private Children(Path directory) {
        this.directory = directory;
    }

    /// None yet. Their logs go into `directory`.
    static Children in(Path directory) {
        var children = new Children(directory);
        Runtime.getRuntime().addShutdownHook(children.hook);
        return children;
    }

    /// What is done before they end.
    interface Farewell {
        void say() throws IOException;
    }

    void beforeEnd(Farewell farewell) {
        this.farewell = farewell;
    }

    /// Starts one and waits until its log has a line that begins with `ready`.
    void startUntilReady(String name, List<String> command) throws IOException {
        var process = start(name, command);
        await(name, process, () -> log(name).lines().anyMatch(line -> line.startsWith("ready ")));
    }

    /// Starts one and waits until something listens on a port.
    void startUntilListening(String name, int port, List<String> command) throws IOException {
        var process = start(name, command);
        await(name, process, () -> Machine.listens(port));
    }

    private Process start(String name, List<String> command) throws IOException {
        var process = new ProcessBuilder(Machine.alone(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        started.push(process);
        return process;
    }

    private void await(String name, Process process, BooleanSupplier ready) throws IOException {
        long began = System.nanoTime();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - began > READY_WAIT.toNanos()) {
                throw new IOException(name + " did not become ready: " + log(name));
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private String log(String name) {
        try {
            return Files.readString(directory.resolve(name + ".log"));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        end();
    }

    private void end() {
        try {
            farewell.say();
        } catch (IOException e) {
            System.err.println("stopping: " + e);
        }
        for (var process = started.poll(); process != null; process = started.poll()) {
            end(process);
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
