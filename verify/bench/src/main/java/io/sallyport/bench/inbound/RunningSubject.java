package io.sallyport.bench.inbound;

import io.sallyport.bench.Proc;
import io.sallyport.bench.load.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/// The processes of a subject, ready to be loaded.
final class RunningSubject implements Closeable {
    private static final Duration READY_WAIT = Duration.ofSeconds(20);
    private static final long READY_STEP_NANOS = 10_000_000;
    private static final int END_SECONDS = 5;

    private final Subject subject;
    private final Site site;
    private final Path log;
    private final List<Process> processes = new ArrayList<>();

    private RunningSubject(Subject subject, Site site) {
        this.subject = subject;
        this.site = site;
        this.log = site.directory().resolve("log");
    }

    static RunningSubject start(Subject subject, Site site, Processors processors) throws IOException {
        var running = new RunningSubject(subject, site);
        Runtime.getRuntime().addShutdownHook(new Thread(running::end));
        try {
            for (var command : subject.commands(site)) {
                running.processes.add(new ProcessBuilder(processors.forSubject(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(running.log.toFile()))
                        .start());
            }
            running.awaitReady();
            return running;
        } catch (IOException e) {
            running.close();
            throw e;
        }
    }

    private void awaitReady() throws IOException {
        long began = System.nanoTime();
        while (!accepts(site.port()) || (processes.size() > 1 && !accepts(site.innerPort()))) {
            boolean late = System.nanoTime() - began > READY_WAIT.toNanos();
            if (late || !processes.stream().allMatch(Process::isAlive)) {
                throw new IOException(subject.name() + " did not become ready: " + Files.readString(log));
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

    String name() {
        return subject.name();
    }

    Entry entry() {
        return new Entry(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.port()), site.host());
    }

    double cpuMs() throws IOException {
        double sum = 0;
        for (long pid : pids()) {
            sum += Proc.cpuMs(pid);
        }
        return sum;
    }

    double rssMib() throws IOException {
        double sum = 0;
        for (long pid : pids()) {
            sum += Proc.memoryMiB(pid, "status", "VmRSS");
        }
        return sum;
    }

    private long[] pids() {
        return processes.stream()
                .flatMapToLong(process -> LongStream.concat(
                        LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid)))
                .toArray();
    }

    private void end() {
        processes.forEach(Process::destroy);
    }

    @Override
    public void close() {
        end();
        for (var process : processes) {
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
