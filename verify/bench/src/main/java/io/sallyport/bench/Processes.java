package io.sallyport.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/// The processes of a subject, on the subject's processor.
///
/// - **Closes**: ends them; also when this process is told to end.
public final class Processes implements Closeable {
    private static final Duration READY_WAIT = Duration.ofSeconds(20);
    private static final long READY_STEP_NANOS = 10_000_000;
    private static final int END_SECONDS = 5;

    private final Path log;
    private final List<Process> started = new ArrayList<>();

    private Processes(Path log) {
        this.log = log;
    }

    /// Starts them in order, and waits until they listen on all the ports.
    ///
    /// @param log what they print
    /// @throws IOException with their log, when that does not happen
    public static Processes start(List<List<String>> commands, Path log, Processors processors, List<Integer> ports)
            throws IOException {
        var processes = new Processes(log);
        Runtime.getRuntime().addShutdownHook(new Thread(processes::end));
        try {
            for (var command : commands) {
                processes.started.add(new ProcessBuilder(processors.forSubject(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
            }
            for (int port : ports) {
                processes.await(port);
            }
            return processes;
        } catch (IOException e) {
            processes.close();
            throw e;
        }
    }

    private void await(int port) throws IOException {
        long began = System.nanoTime();
        while (!accepts(port)) {
            boolean late = System.nanoTime() - began > READY_WAIT.toNanos();
            if (late || !started.stream().allMatch(Process::isAlive)) {
                throw new IOException("did not become ready: " + Files.readString(log));
            }
            LockSupport.parkNanos(READY_STEP_NANOS);
        }
    }

    private static boolean accepts(int port) {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Processor time of all.
    public double cpuMs() throws IOException {
        double sum = 0;
        for (long pid : pids()) {
            sum += Proc.cpuMs(pid);
        }
        return sum;
    }

    /// Resident memory of all.
    public double rssMib() throws IOException {
        double sum = 0;
        for (long pid : pids()) {
            sum += Proc.memoryMiB(pid, "status", "VmRSS");
        }
        return sum;
    }

    private long[] pids() {
        return started.stream()
                .flatMapToLong(process -> LongStream.concat(
                        LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid)))
                .toArray();
    }

    private void end() {
        started.forEach(Process::destroy);
    }

    @Override
    public void close() {
        end();
        for (var process : started) {
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
}
