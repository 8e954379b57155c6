package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.Empty;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.CloseStdinRequest;
import io.sallyport.rpc.process.ListResponse;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.ProcessSelector;
import io.sallyport.rpc.process.SendInputRequest;
import io.sallyport.rpc.process.SendSignalRequest;
import io.sallyport.rpc.process.SendSignalRequest.Signal;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.testbed.Installation.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Commands in a sandbox, through the gateway and the guest daemon.
final class ProcessTest {
    private static final Testbed BED = Testbed.get();
    private static Sandbox sandbox;

    @BeforeAll
    static void create() {
        sandbox = BED.create();
    }

    @Test
    void outputErrorAndExitCodeComeBack() {
        var result = BED.sh(sandbox, "echo out; echo err >&2; exit 7");
        assertEquals(new Installation.Result("out\n", "err\n", 7), result);
    }

    @Test
    void usersAreWhoTheySayAndNobodyMore() {
        assertEquals(
                "uid=1000(user) gid=1000(user) groups=1000(user),27(sudo)\n",
                BED.exec(sandbox, "id").out());
        assertEquals(
                "uid=0(root) gid=0(root) groups=0(root)\n",
                BED.exec(sandbox, "root", List.of("id")).out());
        assertEquals("/home/user\n", BED.exec(sandbox, "pwd").out());
        var nobody = assertThrows(IllegalStateException.class, () -> BED.exec(sandbox, "nobody-here", List.of("id")));
        assertTrue(String.valueOf(nobody.getMessage()).contains("invalid username: 'nobody-here'"));
    }

    @Test
    void nothingIsInheritedFromTheDaemon() {
        var environment = BED.exec(sandbox, "env").out();
        assertTrue(
                environment.contains("HOME=/home/user\n") && environment.contains("E2B_SANDBOX=true\n"), environment);
        assertEquals("0\n1\n2\n3\n", BED.exec(sandbox, "ls", "/proc/self/fd").out(), "3 is ls's own");
        // The two above 31 are the C library's own.
        assertEquals(
                "1\n",
                BED.sh(sandbox, "grep -cE 'SigIgn:.*[08]0000000$' /proc/self/status")
                        .out());
    }

    /// What a kernel before 6.12 does not know it does not show, and nothing is found anywhere.
    @Test
    void daemonAndTerminalsHaveShortTurnsAndCommandsTheKernelsOwn() throws Exception {
        var own = turn(Files.readString(Path.of("/proc/thread-self/sched")));
        var known = !own.isEmpty();
        assertEquals(own, turn(BED.exec(sandbox, "cat", "/proc/self/sched").out()));
        var connections = "for t in /proc/$(pgrep -o java)/task/*; do grep -q ^http $t/comm && cat $t/sched; done";
        assertEquals(known ? "200000" : "", turn(BED.sh(sandbox, connections).out()));
        var output = new ByteArrayOutputStream();
        var config = new ProcessConfig("cat", List.of("/proc/self/sched"), Map.of(), null);
        follow(new StartRequest(config, new StartRequest.Pty(new Size(80, 24)), null, false), output, null);
        assertEquals(known ? "500000" : "", turn(output.toString(StandardCharsets.UTF_8)));
    }

    private static String turn(String sched) {
        var slice = Pattern.compile("se\\.slice *: *([0-9]+)").matcher(sched);
        return slice.find() ? slice.group(1) : "";
    }

    @Test
    void whatCannotBeStartedIsNamed() {
        for (var command : new String[] {"nosuchcmd", "/etc/passwd", "/nonexistent/x", "/home"}) {
            var refusal = assertThrows(
                    RpcException.class, () -> start(new ProcessConfig(command, List.of(), Map.of(), null), null));
            assertEquals(RpcCode.INVALID_ARGUMENT, refusal.code(), command);
            assertTrue(String.valueOf(refusal.getMessage()).contains(command), refusal.getMessage());
        }
        var cwd = assertThrows(
                RpcException.class, () -> start(new ProcessConfig("true", List.of(), Map.of(), "/nowhere"), null));
        assertEquals("cwd '/nowhere' does not exist", cwd.getMessage());
        var nul = assertThrows(
                RpcException.class, () -> start(new ProcessConfig("echo", List.of("a\0b"), Map.of(), null), null));
        assertEquals(RpcCode.INVALID_ARGUMENT, nul.code());
    }

    @Test
    void namesOutsideAsciiWork() {
        BED.sh(sandbox, "mkdir -p '/tmp/žluť'");
        var result = new ByteArrayOutputStream();
        var config = new ProcessConfig("sh", List.of("-c", "pwd; echo $X"), Map.of("X", "kůň"), "/tmp/žluť");
        follow(new StartRequest(config, null, false), result, null);
        assertEquals("/tmp/žluť\nkůň\n", result.toString(StandardCharsets.UTF_8));
    }

    @Test
    void inputIsFedAndClosed() throws Exception {
        var output = new ByteArrayOutputStream();
        var pid = new CompletableFuture<Integer>();
        var config = new ProcessConfig("sha256sum", List.of(), Map.of(), null);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> stream = threads.submit(() -> follow(new StartRequest(config, "tagged", true), output, pid));
            pid.get(10, TimeUnit.SECONDS);
            var byTag = new ProcessSelector(null, "tagged");
            for (int i = 0; i < 20; i++) {
                call(
                        ProcessApi.SEND_INPUT,
                        new SendInputRequest(byTag, SendInputRequest.Input.stdin(new byte[50_000])));
            }
            call(ProcessApi.CLOSE_STDIN, new CloseStdinRequest(byTag));
            stream.get(20, TimeUnit.SECONDS);
        }
        assertEquals(
                "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025  -\n",
                output.toString(StandardCharsets.UTF_8),
                "one million zero bytes");
    }

    @Test
    void signalsReachTheWholeGroup() throws Exception {
        var output = new ByteArrayOutputStream();
        var pid = new CompletableFuture<Integer>();
        var config = new ProcessConfig("sh", List.of("-c", "sleep 7777 | cat"), Map.of(), null);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<StartResponse.End> stream =
                    threads.submit(() -> follow(new StartRequest(config, null, false), output, pid));
            int started = pid.get(10, TimeUnit.SECONDS);
            var selector = ProcessSelector.byPid(started);
            var listed = BED.rpc(sandbox, "user").unary(ProcessApi.LIST, new Empty(), ListResponse.class);
            assertTrue(listed.processes().stream().anyMatch(p -> p.pid() == started), listed.toString());
            call(ProcessApi.SEND_SIGNAL, new SendSignalRequest(selector, Signal.SIGNAL_SIGKILL));
            var end = stream.get(10, TimeUnit.SECONDS);
            assertEquals(new StartResponse.End(-1, false, "signal: killed", "signal: killed"), end);
        }
        assertEquals(
                "0\n",
                BED.sh(sandbox, "pgrep -x sleep -a | grep -c 7777 || true").out());
    }

    @Test
    void aTimeLimitKills() {
        long start = System.nanoTime();
        var headers = "Connect-Timeout-Ms: 500\r\n";
        var answer = BED.http()
                .send("POST /process.Process/Start HTTP/1.1\r\nHost: " + sandbox.host(49983)
                        + "\r\nX-Access-Token: " + sandbox.token() + "\r\n" + headers
                        + "Content-Type: application/connect+json\r\nContent-Length: 48\r\nConnection: close\r\n\r\n"
                        + "\0\0\0\0+{\"process\":{\"cmd\":\"sleep\",\"args\":[\"8888\"]}}");
        assertTrue(answer.body().contains("deadline_exceeded"), answer.toString());
        assertTrue(System.nanoTime() - start < 5_000_000_000L);
        Testbed.eventually(
                Duration.ofSeconds(5),
                "killed inside",
                () -> BED.sh(sandbox, "pgrep -x sleep -a | grep -c 8888 || true")
                        .out()
                        .equals("0\n"));
    }

    @Test
    void orphansAreReaped() {
        BED.sh(sandbox, "for i in 1 2 3 4 5; do (sleep 0.05 &) ; done; sleep 0.3");
        assertEquals(
                "0\n", BED.sh(sandbox, "ps -eo stat | grep -c '^Z' || true").out());
    }

    @Test
    void manyAtOnceAndLargeOutputsArriveWhole() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<Future<Installation.Result>>();
            for (int i = 0; i < 40; i++) {
                int n = i;
                results.add(threads.submit(() -> BED.sh(sandbox, "seq " + (1000 * n) + "; exit " + n)));
            }
            for (int i = 0; i < 40; i++) {
                var result = results.get(i).get(60, TimeUnit.SECONDS);
                assertEquals(i, result.code());
                assertEquals(1000L * i, result.out().lines().count());
            }
        }
        assertEquals(
                20 << 20, BED.sh(sandbox, "head -c 20971520 /dev/zero").out().length());
    }

    @Test
    void aForkBombCostsItsSandboxNothingForLong() {
        var victim = BED.create();
        BED.startDetached(victim, "timeout", "-s", "KILL", "3", "sh", "-c", "'while :; do sleep 2 & done'");
        Testbed.eventually(Duration.ofSeconds(30), "the daemon answers again", () -> {
            try {
                return BED.get(victim, 49983, "/health").status() == 204
                        && BED.sh(victim, "echo alive").out().equals("alive\n");
            } catch (RuntimeException e) {
                return false;
            }
        });
        BED.kill(victim);
    }

    @Test
    void filesComeAndGoWhole() {
        var text = "žluťoučký\n";
        var path = "/home/user/a/b%20c/%C5%BE.txt";
        BED.put(sandbox, path, text);
        assertEquals(
                text, BED.guest(sandbox, "GET", "/files?path=" + path, "", "").body());
        assertEquals(
                "user user 644\n",
                BED.sh(sandbox, "stat -c '%U %G %a' '/home/user/a/b c/ž.txt'").out());
        assertEquals(
                "user 755\n",
                BED.sh(sandbox, "stat -c '%U %a' '/home/user/a/b c'").out());

        var multipart = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rel/one.txt\"\r\n\r\n1\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"/tmp/two.txt\"\r\n\r\n22\r\n--x--\r\n";
        var answer = BED.guest(sandbox, "POST", "/files", "multipart/form-data; boundary=x", multipart);
        assertEquals(200, answer.status(), answer.toString());
        assertEquals(
                "[{\"path\":\"/home/user/rel/one.txt\",\"name\":\"one.txt\",\"type\":\"file\"},"
                        + "{\"path\":\"/tmp/two.txt\",\"name\":\"two.txt\",\"type\":\"file\"}]",
                answer.body());
        assertEquals("122", BED.sh(sandbox, "cat rel/one.txt /tmp/two.txt").out());
        assertTrue(BED.guest(sandbox, "GET", "/files?path=/proc/cpuinfo", "", "")
                .body()
                .contains("processor"));
        assertEquals(
                400, BED.guest(sandbox, "GET", "/files?path=/dev/null", "", "").status());
    }

    @Test
    void filesThatCannotBeAreRefused() {
        BED.sh(sandbox, "mkfifo /tmp/pipe; ln -sf /etc/shadow /tmp/link");
        assertEquals(404, get("/nothing").status());
        assertEquals("path '/tmp' is a directory", get("/tmp").json("message"));
        assertEquals("path '/tmp/pipe' is not a regular file", get("/tmp/pipe").json("message"));
        assertEquals(400, get("/etc/passwd/x").status());
        assertEquals(400, get("/a%00b").status());
        assertEquals(
                400,
                BED.guest(sandbox, "POST", "/files?path=/tmp/link", "application/octet-stream", "x")
                        .status());
        assertEquals(
                400,
                BED.guest(sandbox, "POST", "/files", "application/octet-stream", "x")
                        .status());
        assertEquals(
                400,
                BED.guest(sandbox, "POST", "/files?path=/x", "text/plain", "x").status());
        assertEquals(
                401,
                BED.guest(sandbox, "GET", "/files?path=/etc/passwd&username=nobody1", "", "")
                        .status());
        assertEquals(405, BED.guest(sandbox, "PUT", "/files?path=/x", "", "").status());
    }

    private static Http.Answer get(String path) {
        return BED.guest(sandbox, "GET", "/files?path=" + path, "", "");
    }

    private static void call(String path, Record request) throws IOException, RpcException {
        BED.rpc(sandbox, "user").unary(path, request, Empty.class);
    }

    private static void start(ProcessConfig config, @Nullable String tag) throws IOException, RpcException {
        BED.rpc(sandbox, "user")
                .streaming(ProcessApi.START, new StartRequest(config, tag, false), StartResponse.class, response -> {});
    }

    /// Follows a command to its end, collecting its output.
    private static StartResponse.End follow(
            StartRequest request, ByteArrayOutputStream output, @Nullable CompletableFuture<Integer> pid) {
        var end = new CompletableFuture<StartResponse.End>();
        try {
            BED.rpc(sandbox, "user").streaming(ProcessApi.START, request, StartResponse.class, response -> {
                var event = response.event();
                if (event != null && event.start() != null && pid != null) {
                    pid.complete(event.start().pid());
                }
                var data = event == null ? null : event.data();
                if (data != null && data.stdout() != null) {
                    output.writeBytes(data.stdout());
                }
                if (data != null && data.pty() != null) {
                    output.writeBytes(data.pty());
                }
                if (event != null && event.end() != null) {
                    end.complete(event.end());
                }
            });
        } catch (IOException | RpcException e) {
            throw new AssertionError(e);
        }
        return end.join();
    }
}
