package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Installation.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an operator sees of traffic, and the way in by path.
final class SeenTest {
    private static final Testbed BED = Testbed.get();
    private static Sandbox sandbox;

    @BeforeAll
    static void startServers() {
        sandbox = BED.create();
        Apps.echo(sandbox, 3000, "127.0.0.1");
        BED.get(sandbox, 3000, "/");
    }

    @AfterAll
    static void stop() {
        BED.kill(sandbox);
    }

    @Test
    void anExchangeHasALineWithItsTraceAndNoQuery() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer = BED.http()
                .send("GET /seen?secret=1 HTTP/1.1\r\nHost: " + sandbox.host(3000) + "\r\ntraceparent: 00-" + trace
                        + "-00f067aa0ba902b7-01\r\nConnection: close\r\n\r\n");
        assertTrue(answer.body().contains("\"Traceparent\",\"00-" + trace), answer.body());
        Testbed.eventually(
                Duration.ofSeconds(5), "the line is written", () -> line(trace).isPresent());
        var line = line(trace).orElseThrow();
        for (var part : List.of(
                "\"method\":\"GET\"",
                "\"path\":\"/seen\"",
                "\"sandbox\":\"" + sandbox.id() + "\",\"port\":3000,\"outcome\":\"answered\",\"status\":200",
                "\"attempts\":1",
                "\"connected_ns\":",
                "\"total_ns\":")) {
            assertTrue(line.contains(part), part + " in " + line);
        }
        assertFalse(line.contains("secret"), line);
    }

    @Test
    void aRefusalIsFoundByItsRequestId() {
        var id = BED.get(sandbox, 3001, "/").json("requestId");
        Testbed.eventually(Duration.ofSeconds(5), "the line is written", () -> line(id).isPresent());
        assertTrue(line(id).orElseThrow().contains("\"outcome\":\"not_listening\",\"status\":502"));
    }

    private static Optional<String> line(String trace) {
        try (var lines = Files.lines(BED.home().resolve("access.log"))) {
            return lines.filter(line -> line.contains("\"trace\":\"" + trace)).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void prometheusReadsCountersWhoseLabelsNameNoSandbox() {
        BED.get(sandbox, 3000, "/");
        var metrics = new Http(BED.metricsAddress()).get("metrics", "/metrics");
        assertEquals(200, metrics.status());
        assertTrue(
                metrics.body()
                        .contains("sallyport_gateway_exchanges_total{destination=\"sandbox\",outcome=\"answered\"}"),
                metrics.body());
        assertTrue(metrics.body().contains("sallyport_gateway_answer_seconds_bucket{le=\"0.005\"}"), metrics.body());
        assertFalse(metrics.body().contains("cl-"), "no sandbox is a label");
        assertEquals(404, new Http(BED.metricsAddress()).get("metrics", "/").status());
        assertEquals(401, BED.http().get("localhost", "/metrics").status(), "not for the public");
    }

    @Test
    void portsShowWhatListensAndWhatCameOfIt() {
        BED.get(sandbox, 3000, "/");
        Testbed.eventually(
                Duration.ofSeconds(5),
                "the traffic is told",
                () -> BED.api("GET", "/sallyport/sandboxes/" + sandbox.id() + "/ports", "")
                        .body()
                        .contains(
                                "\"port\":3000,\"addresses\":[\"127.0.0.1\"],\"process\":\"node\",\"guess\":\"http\""));
    }

    @Test
    void anAppThatHasEndedIsToldFromOneThatNeverWas() {
        var other = BED.create();
        Apps.echo(other, 3000, "127.0.0.1");
        assertEquals(200, BED.get(other, 3000, "/").status());
        BED.sh(other, "pkill node; while pgrep -x node > /dev/null; do sleep 0.02; done");
        assertEquals("app_exited", BED.get(other, 3000, "/").json("reason"));
        assertEquals("not_listening", BED.get(other, 3001, "/").json("reason"));
        BED.startDetached(other, "python3", "-m", "http.server", "3002", "--bind", "127.0.0.2");
        Testbed.eventually(
                Duration.ofSeconds(20),
                "it listens elsewhere",
                () -> BED.get(other, 3002, "/").json("reason").equals("bound_elsewhere"));
        var refused = BED.get(other, 3001, "/");
        assertTrue(refused.json("message").endsWith("Public ports on which something listens: 3002."), refused.body());
        BED.kill(other);
    }

    @Test
    void byPathTheAppGetsTheRestByteForByteAndItsPlacesGetThePrefix() {
        var paths = new Http(BED.pathAddress());
        var prefix = "/proxy/" + sandbox.id() + "/3000";
        var answer = paths.get("127.0.0.1", prefix + "//a/../b%2Fc?x=//y");
        assertEquals("//a/../b%2Fc?x=//y", answer.json("url"));
        assertTrue(answer.body().contains("\"X-Forwarded-Prefix\",\"" + prefix + "\""), answer.body());
        var bare = paths.get("127.0.0.1", prefix);
        assertEquals(308, bare.status());
        assertEquals(prefix + "/", bare.header("Location"));
        for (var none : List.of(
                "/",
                "/proxy/",
                "/proxy/x/3000/",
                "/proxy/" + sandbox.id() + "/03000/",
                prefix.replace("3000", "49983/health"))) {
            assertEquals(404, paths.get("127.0.0.1", none).status(), none);
        }
    }
}
