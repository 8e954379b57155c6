package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.testbed.Bulk.Download;
import io.sallyport.testbed.Installation.Sandbox;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// Agent, control plane, gateway and database as processes of their own: all works as in one, and when one of
/// them is killed clients see cuts and refusals but never half an answer that looks whole, nor a wrong one.
final class ApartTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PUSHED_LATEST = Duration.ofSeconds(2);
    private static final Duration PUSHED = Duration.ofMillis(100);
    private static final Duration NOT_PUSHED = Duration.ofSeconds(1);
    private static final int DRAIN_SECONDS = 30;
    private static final int SPARE_CONNECTIONS = 8; // four in each lane // what a gateway keeps to each agent
    private static final int ECHO = 3000;
    private static final int BULK = 4000;
    private static final int MIB = 1 << 20;
    private static final int MIB_COUNT = 64;

    private static Apart apart;

    private Sandbox box;
    private String echoPid;
    private String bulkPid;
    private String test;

    @BeforeAll
    static void start() throws Exception {
        apart = new Apart();
        Files.deleteIfExists(Testbed.output("faults.txt"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (apart != null) {
            apart.close();
        }
    }

    @BeforeEach
    void startApps(TestInfo info) throws IOException {
        apart.startMissing();
        test = info.getTestMethod().orElseThrow().getName();
        box = apart.create();
        echoPid = Apps.echo(apart, box, ECHO, "127.0.0.1");
        bulkPid = Apps.python(apart, box, "bulk.py", BULK);
        assertEquals(200, apart.get(box, ECHO, "/").status());
        assertEquals(200, apart.get(box, BULK, "/0").status());
    }

    @AfterEach
    void killSandbox() {
        apart.kill(box);
    }

    private void seen(String what) throws IOException {
        Files.writeString(
                Testbed.output("faults.txt"),
                test + ": " + what + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    void everythingWorksApart() throws Exception {
        var created = apart.cli("create").strip();
        assertTrue(apart.cli("ls").contains(created));
        assertEquals("out\n", apart.cli("exec", created, "--", "echo", "out"));
        apart.cli("kill", created);
        assertFalse(apart.cli("ls").contains(created));

        assertEquals("/x", apart.get(box, ECHO, "/x").json("url"));
        try (var socket = WebSocket.open(apart.http(), box.host(ECHO));
                var events = request("GET /events HTTP/1.1", ECHO)) {
            socket.expectEcho("hello");
            assertTrue(Http.readHead(events.getInputStream()).contains("text/event-stream"));
            expectEvent(events);
        }
        assertEquals(Bulk.sha256(MIB_COUNT), Bulk.upload(apart.http(), box.host(BULK), MIB_COUNT));
        assertEquals(Bulk.sha256(MIB_COUNT), Bulk.download(apart.http(), box.host(BULK), MIB_COUNT));

        expect(204, "POST", "/pause");
        expectSoon(409);
        expect(201, "POST", "/connect");
        expectSoon(200);
        expect(204, "DELETE", "");
        expectSoon(409);
    }

    /// The gateway hears of a change when it is committed, which may be after its answer has come.
    private void expectSoon(int status) {
        Testbed.eventually(
                Duration.ofSeconds(1),
                "the gateway answers " + status,
                () -> apart.get(box, ECHO, "/").status() == status);
    }

    /// Else a sandbox would have the share of the processors that those have who wait for a key.
    @Test
    void whatIsInteractiveHasAShareOfItsOwnAndNothingOfASandboxIsInIt() throws Exception {
        assertEquals(
                "1024",
                Files.readString(Path.of("/sys/fs/cgroup/cpu/sallyport/cpu.shares"))
                        .strip(),
                "with more, a sandbox that spins would leave the platform nothing");
        var mine = "/sallyport/" + box.id();
        var daemon = ProcessHandle.of(apart.guest(box)).orElseThrow();
        assertEquals(mine, cpuGroup(Path.of("/proc/" + daemon.pid())), "the guest daemon");
        var terminal = apart.rpc(box, "user")
                .unary(
                        TerminalApi.CREATE,
                        new CreateRequest(new ProcessConfig("/bin/cat", List.of(), Map.of(), null), null, null),
                        TerminalInfo.class);
        try (var viewer = Viewer.attach(apart, box, terminal.id(), "?since=0")) {
            viewer.type("x\n");
            viewer.expect("x\r\nx");
            var programs = daemon.descendants().toList();
            assertFalse(programs.isEmpty(), "the terminal's program");
            for (var program : programs) {
                assertEquals(mine, cpuGroup(Path.of("/proc/" + program.pid())), program.toString());
            }
            for (var program : List.of(apart.gateway(), apart.agent())) {
                try (var threads = Files.list(Path.of("/proc/" + program.pid() + "/task"))) {
                    var groups = threads.flatMap(ApartTest::placed)
                            .collect(Collectors.groupingBy(
                                    Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
                    assertEquals(Set.of("/sallyport-interactive"), groups.get("interactive"), groups.toString());
                    assertEquals(Set.of("/sallyport-interactive"), groups.get("VM Thread"), groups.toString());
                    assertEquals(Set.of("/sallyport-bulk"), groups.get("carrier"), groups.toString());
                }
            }
        }
    }

    /// A thread's name and group; nothing of one that has ended meanwhile.
    private static Stream<Map.Entry<String, String>> placed(Path thread) {
        try {
            return Stream.of(Map.entry(name(thread), cpuGroup(thread)));
        } catch (UncheckedIOException e) {
            return Stream.empty();
        }
    }

    private static String name(Path thread) {
        return read(thread.resolve("comm")).strip().replaceFirst("-\\d+$", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String cpuGroup(Path process) {
        return read(process.resolve("cgroup"))
                .lines()
                .filter(line -> line.matches("\\d+:cpu[:,].*"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .findFirst()
                .orElseThrow();
    }

    private void expect(int expected, String method, String path) {
        assertEquals(
                expected, apart.api(method, "/sandboxes/" + box.id() + path, "").status());
    }

    private Socket request(String line, int port, String... headers) throws IOException {
        var client = apart.http().open();
        client.getOutputStream()
                .write((line + "\r\nHost: " + box.host(port) + "\r\n" + String.join("", headers) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static void expectEvent(Socket events) throws IOException {
        String line;
        do {
            line = Http.readLine(events.getInputStream());
        } while (!line.startsWith("data: "));
    }

    @Test
    void aChangeIsSeenAtTheGatewayWithinATenthOfASecond() throws IOException {
        var changes = new ArrayList<Pushed>();
        for (int i = 0; i < 30; i++) {
            changes.add(change(box, 409, "POST", "/sandboxes/" + box.id() + "/pause", ""));
            changes.add(change(box, 200, "POST", "/sandboxes/" + box.id() + "/connect", ""));
            changes.add(setVisibility(box, "private", 404));
            changes.add(setVisibility(box, "public", 200));
        }
        changes.add(change(box, 409, "DELETE", "/sandboxes/" + box.id(), ""));
        var stale = changes.stream().map(Pushed::staleMillis).sorted().toList();
        var seen = changes.stream().map(Pushed::seenMillis).sorted().toList();
        Files.writeString(
                Testbed.output("invalidation.txt"),
                "%d changes, ms after the API's answer%n".formatted(changes.size())
                        + "last request that got the old answer was sent: " + spread(stale)
                        + "first new answer was there: " + spread(seen));
        // The machine may stop all of us for longer than that now and then, which no push can help.
        assertTrue(stale.get(stale.size() * 95 / 100) < PUSHED.toMillis(), stale.toString());
        assertTrue(stale.getLast() < PUSHED_LATEST.toMillis(), stale.toString());
    }

    private static String spread(List<Long> sorted) {
        return "p50 %d, p90 %d, max %d%n"
                .formatted(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 9 / 10), sorted.getLast());
    }

    /// When the gateway knew of a change, counted from the API's answer.
    ///
    /// @param staleMillis when the last request was sent that got the old answer; 0 where there was none
    /// @param seenMillis when the first new answer had come
    private record Pushed(long staleMillis, long seenMillis) {
        boolean inTime() {
            return staleMillis < PUSHED.toMillis();
        }
    }

    private static Pushed setVisibility(Sandbox sandbox, String visibility, int expected) {
        return change(
                sandbox,
                expected,
                "PUT",
                "/sallyport/sandboxes/" + sandbox.id() + "/ports/" + ECHO,
                "{\"visibility\":\"" + visibility + "\"}");
    }

    /// Changes something whose route is cached, and asks until the answer is the expected one.
    private static Pushed change(Sandbox sandbox, int expected, String method, String path, String json) {
        assertFalse(apart.get(sandbox, ECHO, "/").status() == expected);
        var answer = apart.api(method, path, json);
        assertTrue(answer.status() < 300, answer.toString());
        long changed = System.nanoTime();
        long stale = 0;
        long sent = 0;
        while (apart.get(sandbox, ECHO, "/").status() != expected && sent < NOT_PUSHED.toMillis()) {
            stale = sent;
            sent = millisSince(changed);
        }
        return new Pushed(stale, millisSince(changed));
    }

    private static long millisSince(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
    }

    @Test
    void anAppThatIsKilledInTheMiddleIsSeenAsACutOrRefusedBeforeTheHead() throws Exception {
        try (var download = new Download(apart.http(), box.host(BULK), MIB_COUNT).read(MIB);
                var socket = WebSocket.open(apart.http(), box.host(ECHO));
                var events = request("GET /events HTTP/1.1", ECHO);
                var upload = request("POST / HTTP/1.1", ECHO, "Content-Length: 9\r\n", "Expect: 100-continue\r\n")) {
            assertEquals(100, Http.read(upload.getInputStream(), false).status());
            upload.getOutputStream().write("half".getBytes(StandardCharsets.US_ASCII));
            expectEvent(events);

            assertEquals(0, apart.sh(box, "kill -9 " + echoPid + " " + bulkPid).code());

            assertEquals("app_broke", Http.read(upload.getInputStream(), false).json("reason"));
            long missing = download.missing();
            assertTrue(missing > 0);
            var rest = readToTheEnd(events);
            assertFalse(rest.endsWith("0\r\n\r\n"), "a chunked body that looks whole: " + rest);
            socket.expectCut();
            seen("POST half sent: 502 app_broke; download: cut, " + missing / MIB
                    + " MiB missing; chunked events: cut without last chunk; WebSocket: cut");
        }
        try (var held = request("GET /held HTTP/1.1", ECHO)) {
            Apps.echo(apart, box, ECHO, "127.0.0.1");
            assertEquals("/held", Http.read(held.getInputStream(), false).json("url"));
        }
        assertEquals("/next", apart.get(box, ECHO, "/next").json("url"));
        seen("started again: the held request and the next are answered");
    }

    /// What comes until the end or the cut.
    private static String readToTheEnd(Socket socket) throws IOException {
        var text = new StringBuilder();
        try {
            int b;
            while ((b = socket.getInputStream().read()) >= 0) {
                text.append((char) b);
            }
        } catch (SocketException e) {
            // A reset is a cut, too.
        }
        return text.toString();
    }

    @Test
    void whenTheAgentIsKilledStreamsAreCutAndItsSandboxesGoOnWithTheNext() throws Exception {
        var doomed = apart.create();
        var ended = apart.create();
        var before = apart.sh(box, "cat /proc/" + echoPid + "/stat").out().split(" ", -1)[21];
        var traffic = Traffic.start(apart.http(), box.host(ECHO));
        try (var download = new Download(apart.http(), box.host(BULK), MIB_COUNT).read(MIB);
                var socket = WebSocket.open(apart.http(), box.host(ECHO))) {
            socket.expectEcho("before");
            Testbed.eventually(WAIT, "traffic", () -> traffic.count("200") > 20);

            Apart.kill(apart.agent());

            long missing = download.missing();
            assertTrue(missing > 0);
            socket.expectCut();
            Testbed.eventually(WAIT, "refusals", () -> traffic.count("503 host_unreachable") > 20);
            assertEquals("503 host_unreachable", Traffic.outcome(apart.http(), box.host(ECHO)));
            assertEquals(
                    503, apart.api("DELETE", "/sandboxes/" + ended.id(), "").status());
            HostTruth.run("kill", "-9", guestPid(doomed));
            seen("download: cut, " + missing / MIB + " MiB missing; WebSocket: cut; DELETE of a sandbox: 503");
        }

        apart.startAgent();

        Testbed.eventually(
                WAIT,
                "answers again",
                () -> Traffic.outcome(apart.http(), box.host(ECHO)).equals("200"));
        var small = traffic.end();
        seen("small GETs while it was killed and started again: " + small);
        assertFalse(small.keySet().stream().anyMatch(outcome -> outcome.startsWith("404")), small.toString());
        var after = apart.sh(box, "cat /proc/" + echoPid + "/stat").out().split(" ", -1)[21];
        assertEquals(before, after, "the same process");
        Testbed.eventually(WAIT, "ls is right", () -> !isListed(doomed) && !isListed(ended));
        assertTrue(apart.cli("ls").contains(box.id().text()));
        for (var gone : List.of(doomed, ended)) {
            Testbed.eventually(WAIT, "nothing is left of it", () -> traces(gone).isEmpty());
        }
        seen("started again: the same processes answer; what ended meanwhile is not listed");
    }

    private static boolean isListed(Sandbox sandbox) {
        var answer = apart.api("GET", "/v2/sandboxes", "");
        assertEquals(200, answer.status(), answer.toString());
        return answer.body().contains(sandbox.id().text());
    }

    private static List<String> traces(Sandbox sandbox) {
        try {
            return HostTruth.traces(sandbox.id(), apart.agentHome());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The guest daemon, in the machine's numbering.
    private static String guestPid(Sandbox sandbox) throws IOException {
        var record = Files.readString(apart.agentHome().resolve("agent/sandboxes/" + sandbox.id() + "/sandbox.json"));
        return record.replaceAll(".*\"pid\":\"([0-9]+)\".*", "$1");
    }

    @Test
    void whenTheControlPlaneIsKilledKnownRoutesGoOnAndUnknownOnesAreNotGuessed() throws Exception {
        var uncached = apart.create();
        try (var streams = new Streams()) {
            Apart.kill(apart.control());
            undecided("control plane killed", uncached, streams);
            apart.startControl();
            backInOrder("control plane started again", uncached);
            streams.expectWhole();
        }
    }

    @Test
    void whenTheDatabaseIsKilledKnownRoutesGoOnAndTheControlPlaneRecoversByItself() throws Exception {
        var uncached = apart.create();
        var doomed = apart.create();
        try (var streams = new Streams()) {
            apart.database().kill();
            HostTruth.run("kill", "-9", guestPid(doomed));
            undecided("database killed", uncached, streams);
            apart.database().start();
            backInOrder("database started again", uncached);
            streams.expectWhole();
        }
        Testbed.eventually(WAIT, "ls knows what ended without a database", () -> !isListed(doomed));
        HostTruth.run("kill", "-9", guestPid(uncached));
        Testbed.eventually(WAIT, "ls knows what ended afterwards", () -> !isListed(uncached));
        assertTrue(apart.control().isAlive());
    }

    @Test
    void aPauseInWhoseMiddleTheDatabaseIsKilledComesToAnEnd() throws Exception {
        var agent = Long.toString(apart.agent().pid());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HostTruth.run("kill", "-STOP", agent);
            var pause = threads.submit(() -> apart.api("POST", "/sandboxes/" + box.id() + "/pause", ""));
            Testbed.eventually(WAIT, "it is pausing", this::isPaused);
            apart.database().kill();
            HostTruth.run("kill", "-CONT", agent);
            assertEquals(503, pause.get(WAIT.toSeconds(), TimeUnit.SECONDS).status());
            apart.database().start();
            var connect = threads.submit(() -> apart.api("POST", "/sandboxes/" + box.id() + "/connect", ""));
            assertEquals(201, connect.get(WAIT.toSeconds(), TimeUnit.SECONDS).status());
            assertEquals("/after", apart.get(box, ECHO, "/after").json("url"));
            seen("the pause: 503; resumed when the database was back");
        } finally {
            HostTruth.run("kill", "-CONT", agent);
        }
    }

    private boolean isPaused() {
        var answer = apart.api("GET", "/sandboxes/" + box.id(), "");
        return answer.json("state").equals("paused");
    }

    /// What goes on while something is killed.
    private final class Streams implements AutoCloseable {
        private final Download download = new Download(apart.http(), box.host(BULK), MIB_COUNT).read(MIB);
        private final WebSocket socket = WebSocket.open(apart.http(), box.host(ECHO));
        private final Traffic traffic = Traffic.start(apart.http(), box.host(ECHO));

        Streams() throws IOException {
            socket.expectEcho("before");
        }

        void expectWhole() throws Exception {
            assertEquals(Bulk.sha256(MIB_COUNT), download.finish());
            socket.expectEcho("after");
            var small = traffic.end();
            seen("small GETs all the time: " + small + "; download whole; WebSocket open");
            assertEquals(1, small.size(), small.toString());
        }

        @Override
        public void close() throws IOException {
            download.close();
            socket.close();
            traffic.stop();
        }
    }

    /// Nobody can be asked: what is known is served, the rest is neither guessed nor forgotten.
    private void undecided(String what, Sandbox uncached, Streams streams) throws Exception {
        int before = streams.traffic.count("200");
        Testbed.eventually(WAIT, "traffic goes on", () -> streams.traffic.count("200") > before + 20);
        streams.socket.expectEcho("meanwhile");
        streams.download.read(MIB);
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var known = threads.submit(() -> Traffic.outcome(apart.http(), uncached.host(ECHO)));
            var unknown =
                    threads.submit(() -> Traffic.outcome(apart.http(), new Sandbox(SandboxId.random(), "").host(ECHO)));
            var list = threads.submit(() -> apart.api("GET", "/v2/sandboxes", ""));
            assertEquals("503 control_unavailable", known.get(WAIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals("503 control_unavailable", unknown.get(WAIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(503, list.get(WAIT.toSeconds(), TimeUnit.SECONDS).status());
        }
        seen(what + ": not cached and not existing: 503 control_unavailable, API: 503, after " + millisSince(start)
                + " ms; cached: 200");
    }

    /// By itself, and changes are pushed again.
    private void backInOrder(String what, Sandbox uncached) throws IOException {
        long start = System.nanoTime();
        Testbed.eventually(
                WAIT,
                "the API answers",
                () -> apart.api("GET", "/v2/sandboxes", "").status() == 200);
        assertEquals(200, apart.get(box, ECHO, "/").status());
        assertTrue(isListed(uncached));
        seen(what + ": all answers " + millisSince(start) + " ms later");
        Apps.echo(apart, uncached, ECHO, "127.0.0.1");
        // When the watch begins again everything is forgotten once; two changes in a row can only have been pushed.
        Testbed.eventually(WAIT, "changes are pushed again", () -> {
            var first = setVisibility(uncached, "private", 404);
            var second = setVisibility(uncached, "public", 200);
            return first.inTime() && second.inTime();
        });
        seen(what + ": changes are pushed again " + millisSince(start) + " ms later");
    }

    @Test
    void aGatewayThatIsToldToEndFinishesWhatIsUnderWay() throws Exception {
        int port = Testbed.freePort();
        var gateway = apart.launchGateway(port);
        var http = new Http(Loopback.v4(port));
        try (var download = new Download(http, box.host(BULK), MIB_COUNT).read(MIB);
                var socket = WebSocket.open(http, box.host(ECHO))) {
            gateway.destroy();
            long told = System.nanoTime();
            Testbed.eventually(WAIT, "no new connections", () -> refuses(http));
            socket.expectEcho("meanwhile");
            assertEquals(Bulk.sha256(MIB_COUNT), download.finish());
            assertTrue(gateway.isAlive(), "the WebSocket is still open");
            assertTrue(gateway.waitFor(DRAIN_SECONDS + 10, TimeUnit.SECONDS));
            socket.expectCut();
            seen(
                    "new connections: refused; download: whole; WebSocket: served, cut at the end; the gateway ended after "
                            + Duration.ofNanos(System.nanoTime() - told).toSeconds() + " s");
        }
    }

    private static boolean refuses(Http http) {
        try {
            http.open().close();
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void certificatesDecideWhoMayCallWhom() throws Exception {
        var tls = apart.tls();
        var other = apart.home().resolve("other");
        assertEquals(
                0, Program.run(apart.home(), "ca", "init", other.toString()).code());
        var destroy = call("/sallyport.HostAgent/Destroy");
        var find = call("/sallyport.Routes/Find");
        for (var port : List.of(apart.agentPort(), apart.controlPort())) {
            var call = port == apart.agentPort() ? destroy : find;
            for (var role : List.of("agent", "gateway", "control")) {
                assertEquals("", Caller.foreign(tls, other, role).ask(port, call), "another authority's " + role);
            }
            assertEquals("", Caller.nobody(tls).ask(port, call), "no certificate");
            assertEquals("", Caller.of(tls, "control", "TLSv1.2").ask(port, call), "TLS 1.2, control");
            assertEquals("", Caller.of(tls, "gateway", "TLSv1.2").ask(port, call), "TLS 1.2, gateway");
        }
        assertStatus(403, Caller.of(tls, "gateway"), apart.agentPort(), destroy);
        assertStatus(403, Caller.of(tls, "agent"), apart.agentPort(), destroy);
        assertStatus(403, Caller.of(tls, "agent"), apart.controlPort(), find);
        assertStatus(403, Caller.of(tls, "control"), apart.controlPort(), find);
        assertStatus(200, Caller.of(tls, "gateway"), apart.controlPort(), find);
        assertEquals(200, apart.get(box, ECHO, "/").status(), "nobody destroyed it");
        seen("no certificate, another authority's, TLS 1.2: no answer; gateway at Destroy, agent anywhere: 403");
    }

    private String call(String path) {
        var json = "{\"id\":{\"text\":\"" + box.id() + "\"}}";
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length() + "\r\n\r\n" + json;
    }

    private static void assertStatus(int status, Caller caller, int port, String call) {
        var answer = caller.ask(port, call);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    @Test
    void everyStreamHasATcpConnectionOfItsOwn() throws Exception {
        int count = 6;
        assertEquals(0, apart.sh(box, "true").code(), "now there are spare ones in both lanes");
        Testbed.eventually(WAIT, "only spare connections", () -> tunnels().size() == SPARE_CONNECTIONS);
        var downloads = new ArrayList<Download>();
        try {
            for (int i = 0; i < count; i++) {
                downloads.add(new Download(apart.http(), box.host(BULK), MIB_COUNT).read(MIB));
            }
            Testbed.eventually(WAIT, "one each", () -> tunnels().size() == SPARE_CONNECTIONS + count);
            var during = tunnels();
            // Calls of the control plane and of the gateway, and small requests, while the downloads stand still.
            assertEquals(
                    200,
                    apart.api("GET", "/sallyport/sandboxes/" + box.id() + "/ports", "")
                            .status());
            for (int i = 0; i < 20; i++) {
                assertEquals(200, apart.get(box, ECHO, "/").status());
            }
            Testbed.eventually(WAIT, "as before", () -> tunnels().size() == SPARE_CONNECTIONS + count);
            var left = new HashSet<>(during);
            left.retainAll(tunnels());
            assertTrue(left.size() >= count, "no download changed its connection: " + during + ", " + tunnels());
            for (var download : downloads) {
                assertEquals(Bulk.sha256(MIB_COUNT), download.finish());
            }
            seen(count + " downloads: " + during.size() + " connections from the gateway to the agent, "
                    + SPARE_CONNECTIONS + " of them spare");
        } finally {
            for (var download : downloads) {
                download.close();
            }
        }
    }

    private static Set<Integer> tunnels() {
        try {
            return HostTruth.connections(apart.gateway().pid(), apart.agentPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
