package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Program.Said;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The program as people start it: `up` and the commands, as processes of their own.
final class ProgramTest {
    private static final Duration ERROR_WAIT = Duration.ofSeconds(5);
    private static final Path LAUNCHER =
            Path.of("../../bin/sallyport").toAbsolutePath().normalize();

    private final List<Process> started = new ArrayList<>();
    private Path home;
    private int port;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("sallyport-program");
        port = Testbed.freePort();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (started.stream().anyMatch(Process::isAlive)) {
            run("kill", "--all");
        }
        for (var process : started) {
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "up ends");
        }
        assertEquals("", postgresOf(home));
        HostTruth.removeTree(home);
    }

    private ProcessBuilder builder(List<String> command) {
        return Program.builder(home, command);
    }

    private Said run(String... arguments) throws Exception {
        return Program.run(home, arguments);
    }

    private Process up() throws IOException {
        return up(home, port, started);
    }

    /// Starts the platform and waits for its word that it is ready.
    ///
    /// @param started gets the process as soon as there is one
    static Process up(Path home, int port, List<Process> started) throws IOException {
        var log = home.resolve("up.log");
        var process = Program.start(home, log, started, "up", "--listen", "localhost:" + port);
        assertTrue(Program.read(log).contains("\nready http://localhost:" + port + "\n"));
        return process;
    }

    @Test
    void theCommandsDoWhatTheySay() throws Exception {
        up();
        assertEquals("rw-------", mode(home.resolve("credentials")));
        var created = run("create", "--metadata", "a=b");
        assertEquals(0, created.code(), created.err());
        var id = created.out().strip();
        assertTrue(id.matches("cl-[0-9a-z]{25}"), created.out());

        assertTrue(run("ls").out().contains(id));
        assertTrue(run("ls", "--json").out().startsWith("[{"));
        assertEquals(
                "http://3000-" + id + ".localhost:" + port + "\n",
                run("url", id, "3000").out());
        assertEquals(
                new Said(3, "out\n", "err\n"), run("exec", id, "--", "sh", "-c", "echo out; echo err >&2; exit 3"));
        assertEquals(127, run("exec", id, "--", "nosuchcmd").code());

        var file = home.resolve("žluť.txt");
        Files.writeString(file, "content");
        assertEquals(0, run("cp", file.toString(), id + ":/tmp/a/ž.txt").code());
        assertEquals(
                0,
                run("cp", id + ":/tmp/a/ž.txt", home.resolve("back.txt").toString())
                        .code());
        assertEquals("content", Files.readString(home.resolve("back.txt")));
        assertEquals(
                0, run("cp", id + ":/tmp/a", home.resolve("dir").toString()).code());
        assertEquals("content", Files.readString(home.resolve("dir/ž.txt")));
        assertEquals(0, run("cp", home.resolve("dir").toString(), id + ":copy").code());
        assertEquals("content", run("exec", id, "--", "cat", "copy/ž.txt").out());

        assertEquals(0, run("pause", id).code());
        assertEquals(4, run("pause", id).code());
        assertTrue(run("ls").out().contains("paused"));
        assertEquals(0, run("resume", id).code());
        assertTrue(run("logs", id).out().contains("started by user"));
        assertTrue(run("doctor").out().contains("overlay"));
        assertTrue(run("version").out().startsWith("sallyport "));
        assertTrue(run("template", "ls").out().contains("base"));
        assertEquals(0, run("kill", id).code());
        assertEquals(4, run("kill", id).code());
        assertEquals(2, run("url", id, "0").code());
        assertEquals(2, run("nonsense").code());
    }

    @Test
    void runStreamsAndCtrlCEndsCommandAndSandbox() throws Exception {
        up();
        // Whoever runs the tests in the background has SIGINT ignored, and so would the command.
        var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(Program.java("run", "-p", "3000", "--", "python3", "-u", "-m", "http.server", "3000"));
        var process = builder(command).redirectErrorStream(true).start();
        var out = process.inputReader(StandardCharsets.UTF_8);
        var url = out.readLine();
        assertTrue(url.matches("http://3000-cl-[0-9a-z]{25}\\.localhost:" + port), url);
        assertTrue(out.readLine().startsWith("Serving HTTP on"), "its output is streamed");
        var answer = new Http(Loopback.v4(port)).get(url.substring("http://".length()), "/");
        assertEquals(200, answer.status());
        HostTruth.run("kill", "-INT", Long.toString(process.pid()));
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
        assertFalse(run("ls").out().contains("cl-"));

        var detached = run("run", "--detach", "-p", "8080", "--", "python3", "-m", "http.server", "8080");
        assertEquals(0, detached.code(), detached.err());
        var lines = detached.out().split("\n", -1);
        assertEquals(
                200,
                new Http(Loopback.v4(port))
                        .get(lines[1].substring("http://".length()), "/")
                        .status());
    }

    @Test
    void afterKillMinusNineNothingIsLeftAndTheListIsTrue() throws Exception {
        var before = Set.copyOf(HostTruth.cgroups()); // whoever was interrupted here earlier may have left some
        var first = up();
        var kept = run("create", "--timeout", "1h").out().strip();
        assertEquals(
                0, run("exec", kept, "--", "sh", "-c", "echo kept > /tmp/file").code());
        var acknowledged = new ArrayList<String>();
        acknowledged.add(kept);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var creates = new ArrayList<Future<Http.Answer>>();
            var key = Files.readAllLines(home.resolve("credentials")).getLast().substring("key=".length());
            Callable<Http.Answer> create = () -> new Http(Loopback.v4(port))
                    .send(
                            "POST /v2/sandboxes HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key
                                    + "\r\nContent-Length: 36\r\nConnection: close\r\n\r\n{\"templateID\":\"base\",\"timeout\":3600}");
            for (int i = 0; i < 10; i++) {
                creates.add(threads.submit(create));
            }
            Testbed.eventually(
                    Duration.ofSeconds(20),
                    "some are under way",
                    () -> directories(home).size() >= 4);
            first.destroyForcibly();
            for (var future : creates) {
                try {
                    var answer = future.get(30, TimeUnit.SECONDS);
                    if (answer.status() == 201) {
                        acknowledged.add(answer.json("sandboxID"));
                    }
                } catch (ExecutionException | AssertionError e) {
                    // Cut off: nobody was told of that one.
                }
            }
        }
        up();
        var listed = run("ls", "--json").out();
        for (var id : acknowledged) {
            assertTrue(listed.contains(id), "acknowledged and not lost: " + id);
        }
        assertEquals("kept\n", run("exec", kept, "--", "cat", "/tmp/file").out());
        var directories = directories(home);
        for (var directory : directories) {
            assertTrue(listed.contains(directory), "on disk and listed: " + directory);
        }
        assertEquals(directories.size(), listed.split("\"sandboxID\"", -1).length - 1);
        for (var group : HostTruth.cgroups()) {
            var name = group.getFileName().toString();
            boolean fine = !name.startsWith("cl-") || before.contains(group) || ourOrOthers(name, directories);
            assertTrue(fine, "a cgroup of nobody: " + group);
        }
        assertEquals(0, run("kill", "--all").code());
        assertEquals(List.of(), directories(home));
    }

    /// A cgroup of a sandbox that is listed, or of one that has processes and so belongs to another platform
    /// here.
    private static boolean ourOrOthers(String name, List<String> directories) throws IOException {
        if (directories.contains(name)) {
            return true;
        }
        for (var group : HostTruth.cgroups()) {
            if (group.endsWith(name)
                    && !Files.readString(group.resolve("cgroup.procs")).isBlank()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void stoppingPausesAndStartingGoesOn() throws Exception {
        var first = up();
        var id = run("create", "--timeout", "1h").out().strip();
        assertEquals(
                0,
                run("exec", id, "--", "sh", "-c", "sleep 1000 > /dev/null 2>&1 & echo $! > /tmp/pid")
                        .code());
        first.destroy();
        assertTrue(first.waitFor(30, TimeUnit.SECONDS));
        assertEquals("", postgresOf(home));
        assertTrue(HostTruth.frozen(id), "nothing runs unguarded");
        up();
        assertEquals(
                0, run("exec", id, "--", "sh", "-c", "kill -0 $(cat /tmp/pid)").code(), "its processes live on");
    }

    @Test
    void whatIsInTheWayIsSaidInOneSentence() throws Exception {
        up();
        assertRefused(run("up", "--listen", "localhost:" + port), "stop what listens there");
        assertRefused(run("up", "--listen", "localhost:" + Testbed.freePort()), "is in use by another sallyport up");
        assertRefused(run("up", "--runtime", "nosuch"), "\"nosuch\" is not in PATH");
        assertRefused(run("up", "--listen", "nonsense"), "expected: ADDRESS:PORT");
        assertRefused(run("up", "--domain", "a b", "--listen", "localhost:" + Testbed.freePort()), "--domain");
        assertRefused(
                run("up", "--database-url", "mysql://x", "--listen", "localhost:" + Testbed.freePort()),
                "--database-url");

        var nobody = List.of("setpriv", "--reuid", "65534", "--clear-groups", LAUNCHER.toString(), "up");
        assertRefused(Program.finish(builder(nobody).start()), "needs root");
        var script = "mount -t tmpfs tmpfs /usr/lib/jvm && JAVA_HOME= exec " + LAUNCHER + " up";
        var noJava = List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", script);
        assertRefused(Program.finish(builder(noJava).start()), "no JDK 25 found");
    }

    private static void assertRefused(Said said, String sentence) {
        assertNotEquals(0, said.code());
        assertEquals("", said.out());
        assertEquals(1, said.err().strip().lines().count(), said.err());
        assertTrue(said.err().contains(sentence), said.err());
    }

    @Test
    void refusalsComeWithinFiveSeconds() throws Exception {
        long start = System.nanoTime();
        assertNotEquals(0, run("up", "--runtime", "nosuch").code());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(ERROR_WAIT) < 0);
        assertEquals(3, run("ls").code(), "no platform");
    }

    private static List<String> directories(Path home) {
        var sandboxes = home.resolve("agent/sandboxes");
        if (!Files.isDirectory(sandboxes)) {
            return List.of();
        }
        try (var entries = Files.list(sandboxes)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String postgresOf(Path home) {
        var found = new StringBuilder();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(home + "/database"))
                .forEach(process -> found.append(process.pid()).append(' '));
        return found.toString();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
