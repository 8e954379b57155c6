package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The REST contract of reference/sandbox-api.md §2, through the gateway.
final class ApiTest {
    private static final Testbed BED = Testbed.get();

    @Test
    void createAnswersWithWhatClientsNeed() {
        var answer = BED.api("POST", "/v2/sandboxes", "{\"templateID\":\"base\",\"unknown\":{\"x\":[1]}}");
        assertEquals(201, answer.status(), answer.toString());
        var id = answer.json("sandboxID");
        try {
            assertTrue(id.matches("cl-[0-9a-z]{25}"), id);
            assertEquals("localhost:" + BED.port(), answer.json("domain"));
            assertTrue(answer.json("envdAccessToken").matches("[0-9a-f]{64}"));
            assertTrue(answer.body().contains("\"trafficAccessToken\":null"), answer.body());
            assertFalse(answer.json("clientID").isEmpty());
            assertFalse(answer.json("envdVersion").isEmpty());

            var detail = BED.api("GET", "/sandboxes/" + id, "");
            assertEquals(200, detail.status());
            assertEquals("running", detail.json("state"));
            var left = Duration.between(Instant.now(), Instant.parse(detail.json("endAt")));
            assertTrue(left.toSeconds() > 280 && left.toSeconds() <= 300, "v2's default is 300 s: " + left);
        } finally {
            assertEquals(204, BED.api("DELETE", "/sandboxes/" + id, "").status());
        }
        assertEquals(404, BED.api("DELETE", "/sandboxes/" + id, "").status());
        assertEquals("404", BED.api("GET", "/sandboxes/" + id, "").json("code"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{ | 400 | body: not JSON",
                "[] | 400 | body: of the wrong type",
                "null | 400 | body: null",
                "{} | 400 | templateID: absent",
                "{\"templateID\":\"\"} | 400 | templateID: absent",
                "{\"templateID\":\"nothing\"} | 404 | template 'nothing' not found",
                "{\"templateID\":\"../x\"} | 404 | template '../x' not found",
                "{\"templateID\":\"base\",\"timeout\":0} | 400 | Timeout must be greater than 0",
                "{\"templateID\":\"base\",\"timeout\":-5} | 400 | Timeout must be greater than 0",
                "{\"templateID\":\"base\",\"timeout\":99999999} | 400 | Timeout cannot be greater than 24 hours",
                "{\"templateID\":\"base\",\"timeout\":\"soon\"} | 400 | timeout: of the wrong type",
                "{\"templateID\":\"base\",\"metadata\":[]} | 400 | metadata: of the wrong type",
                "{\"templateID\":\"base\",\"metadata\":{\"a\":null}} | 400 | metadata.a: null",
                "{\"templateID\":\"base\",\"envVars\":{\"A=B\":\"c\"}} | 400 | envVars: name",
                "{\"templateID\":\"base\",\"envVars\":{\"A\":\"\\u0000\"}} | 400 | envVars: a NUL",
            })
    void createNamesWhatIsWrong(String json, int status, String message) {
        var answer = BED.api("POST", "/v2/sandboxes", json);
        assertEquals(status, answer.status(), answer.toString());
        assertEquals(Integer.toString(status), answer.json("code"));
        assertTrue(answer.json("message").startsWith(message), answer.json("message"));
    }

    @Test
    void aKeyIsNeededAndBothPrefixesWork() {
        assertEquals(401, BED.http().get("localhost", "/v2/sandboxes").status());
        assertEquals(401, withKey("spk_" + "0".repeat(40)).status());
        assertEquals(401, withKey("nonsense").status());
        assertEquals("401", withKey("").json("code"));
        assertEquals(200, withKey(BED.key()).status());
        assertEquals(200, withKey(BED.key().replace("spk_", "e2b_")).status());
        assertEquals(204, BED.http().get("localhost", "/health").status());
    }

    private static Http.Answer withKey(String key) {
        return BED.http()
                .send("GET /v2/sandboxes HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key
                        + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void whatIsNotThereIsSaidInJson() {
        for (var request : new String[] {"GET /nothing", "PATCH /sandboxes", "GET /sandboxes/x%2Fy", "POST /health"}) {
            var parts = request.split(" ", -1);
            var answer = BED.api(parts[0], parts[1], "");
            assertTrue(answer.status() >= 400 && answer.status() < 500, answer.toString());
            assertEquals(Integer.toString(answer.status()), answer.json("code"));
        }
    }

    @Test
    void pauseAndConnectStopAndGoOn() {
        var sandbox = BED.create();
        var path = "/sandboxes/" + sandbox.id();
        BED.startDetached(sandbox, "sh", "-c", "'while :; do date +%s%N > /tmp/tick; sleep 0.02; done'");
        assertEquals(200, BED.api("POST", path + "/connect", "{\"timeout\":30}").status(), "running: 200");
        assertEquals(204, BED.api("POST", path + "/pause", "{}").status());
        assertEquals(409, BED.api("POST", path + "/pause", "").status());
        assertEquals("paused", BED.api("GET", path, "").json("state"));
        assertEquals(404, BED.api("POST", path + "/timeout", "{\"timeout\":60}").status());
        var refused = BED.get(sandbox, 3000, "/");
        assertEquals(409, refused.status());
        assertEquals("The sandbox is not running. It is paused.", refused.json("message"));
        assertEquals(502, BED.get(sandbox, 49983, "/health").status());
        assertEquals(
                201,
                BED.api("POST", "/v2" + path + "/connect", "{\"timeout\":60}").status(),
                "resumed: 201");
        assertEquals("running", BED.api("GET", path, "").json("state"));
        var ticks =
                BED.sh(sandbox, "cat /tmp/tick; sleep 0.5; cat /tmp/tick").out().split("\n", -1);
        assertTrue(!ticks[0].equals(ticks[1]), "the loop goes on");
        assertEquals(400, BED.api("POST", path + "/pause", "{\"memory\":false}").status());
        BED.kill(sandbox);
    }

    @Test
    void connectNeverShortensAndTimeoutDoes() {
        var sandbox = BED.create();
        var path = "/sandboxes/" + sandbox.id();
        var before = Instant.parse(BED.api("GET", path, "").json("endAt"));
        assertEquals(200, BED.api("POST", path + "/connect", "{\"timeout\":10}").status());
        assertEquals(before, Instant.parse(BED.api("GET", path, "").json("endAt")));
        assertEquals(204, BED.api("POST", path + "/timeout", "{\"timeout\":10}").status());
        assertTrue(Instant.parse(BED.api("GET", path, "").json("endAt")).isBefore(before));
        assertEquals(400, BED.api("POST", path + "/timeout", "{\"timeout\":0}").status());
        BED.kill(sandbox);
    }

    @Test
    void timeEndsASandboxAndLeavesNothing() throws IOException {
        var killed = BED.create("{\"templateID\":\"base\",\"timeout\":1}");
        var paused = BED.create("{\"templateID\":\"base\",\"timeout\":1,\"autoPause\":true}");
        Testbed.eventually(
                Duration.ofSeconds(10),
                "killed at the end of its time",
                () -> BED.api("GET", "/sandboxes/" + killed.id(), "").status() == 404);
        Testbed.eventually(
                Duration.ofSeconds(10),
                "paused at the end of its time",
                () -> BED.api("GET", "/sandboxes/" + paused.id(), "")
                        .json("state")
                        .equals("paused"));
        Testbed.eventually(Duration.ofSeconds(10), "no trace of it", () -> noTrace(killed));
        BED.kill(paused);
        Testbed.eventually(Duration.ofSeconds(10), "no trace of it", () -> noTrace(paused));
    }

    @Test
    void aSandboxWhoseDaemonDiesIsGone() throws IOException {
        var sandbox = BED.create();
        HostTruth.run(
                "runc",
                "--root",
                BED.home().resolve("agent/runtime").toString(),
                "kill",
                sandbox.id().text(),
                "KILL");
        Testbed.eventually(
                Duration.ofSeconds(10),
                "the control plane knows",
                () -> BED.api("GET", "/sandboxes/" + sandbox.id(), "").status() == 404);
        assertEquals(409, BED.get(sandbox, 3000, "/").status());
        Testbed.eventually(Duration.ofSeconds(10), "no trace of it", () -> noTrace(sandbox));
    }

    private static boolean noTrace(Installation.Sandbox sandbox) {
        try {
            return HostTruth.traces(sandbox.id(), BED.home()).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void listsByStateMetadataAndPage() {
        var tag = Long.toString(System.nanoTime());
        for (int i = 0; i < 3; i++) {
            BED.create("{\"templateID\":\"base\",\"metadata\":{\"tag\":\"" + tag + "\",\"n\":\"" + i + "\"}}");
        }
        var filter = "/v2/sandboxes?metadata=tag%3D" + tag;
        var all = BED.api("GET", filter, "");
        assertEquals(3, count(all));
        assertEquals("", all.header("X-Next-Token"));
        assertEquals("2", all.json("n"), "newest first");
        assertEquals("0", BED.api("GET", filter + "&order=asc", "").json("n"));
        assertEquals(0, count(BED.api("GET", filter + "&state=paused", "")));
        assertEquals(1, count(BED.api("GET", filter + "%26n%3D1", "")));
        assertEquals(0, count(BED.api("GET", filter + "&template=other", "")));

        var first = BED.api("GET", filter + "&limit=2", "");
        assertEquals(2, count(first));
        var second = BED.api("GET", filter + "&limit=2&nextToken=" + first.header("X-Next-Token"), "");
        assertEquals(1, count(second));
        assertEquals("0", second.json("n"));
        assertEquals("", second.header("X-Next-Token"));
        assertTrue(Integer.parseInt(first.header("X-Total-Running")) >= 3);
    }

    private static int count(Http.Answer answer) {
        assertEquals(200, answer.status(), answer.toString());
        return answer.body().split("\"sandboxID\"", -1).length - 1;
    }

    @Test
    void oneOfTwoWinsARace() throws Exception {
        var sandbox = BED.create();
        var path = "/sandboxes/" + sandbox.id();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> pause = () -> BED.api("POST", path + "/pause", "").status();
            var first = threads.submit(pause);
            var second = threads.submit(pause);
            assertEquals(204 + 409, first.get() + second.get());
            Callable<Integer> kill = () -> BED.api("DELETE", path, "").status();
            var third = threads.submit(kill);
            var fourth = threads.submit(kill);
            assertEquals(204 + 404, third.get() + fourth.get());
        }
        assertEquals(List.of(), HostTruth.traces(sandbox.id(), BED.home()));
    }

    @Test
    void destroyLeavesNoNamespaceBehind() throws IOException {
        var sandbox = BED.create();
        var pid = Files.readString(BED.home().resolve("agent/sandboxes/" + sandbox.id() + "/pid"))
                .strip();
        var namespace =
                Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
        assertTrue(HostTruth.networkNamespaces().contains(namespace));
        BED.kill(sandbox);
        Testbed.eventually(
                Duration.ofSeconds(5),
                "no process is in it",
                () -> !HostTruth.networkNamespaces().contains(namespace));
        assertFalse(HostTruth.openFiles(ProcessHandle.current().pid()).contains(namespace), "nor do we hold it");
    }

    /// Each sandbox once held a thread that everything else needed, see docs/adr/0005.
    @Test
    void manyLivingSandboxesHoldNothingUp() throws Exception {
        var living = new ArrayList<Installation.Sandbox>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var creates = new ArrayList<Future<Installation.Sandbox>>();
            for (int i = 0; i < 20; i++) {
                creates.add(threads.submit(() -> BED.create()));
            }
            for (var create : creates) {
                living.add(create.get(60, TimeUnit.SECONDS));
            }
        }
        assertEquals(204, BED.http().get("localhost", "/health").status());
        assertEquals("alive\n", BED.sh(living.getLast(), "echo alive").out());
        living.forEach(BED::kill);
        for (var sandbox : living) {
            assertEquals(List.of(), HostTruth.traces(sandbox.id(), BED.home()));
        }
    }

    @Test
    void logsTellWhatRan() {
        var sandbox = BED.create("{\"templateID\":\"base\",\"envVars\":{\"GREETING\":\"hello there\"}}");
        assertEquals("hello there\n", BED.sh(sandbox, "echo $GREETING").out());
        var logs = BED.api("GET", "/sandboxes/" + sandbox.id() + "/logs", "");
        assertTrue(logs.body().contains("started by user: /bin/sh -c echo $GREETING"), logs.body());
        assertTrue(logs.body().contains("ended: exit status 0"), logs.body());
        BED.kill(sandbox);
    }
}
