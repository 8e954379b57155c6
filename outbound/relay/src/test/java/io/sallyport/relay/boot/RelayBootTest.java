package io.sallyport.relay.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.boot.RelayStatus.StepResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RelayBootTest {
    @TempDir
    private Path directory;

    private Sandbox sandbox;

    @BeforeEach
    void open() throws IOException {
        sandbox = new Sandbox(directory);
    }

    @AfterEach
    void close() throws IOException {
        sandbox.close();
    }

    @Test
    void goesThroughAllStepsInTheirOrder() throws Exception {
        try (var boot = sandbox.boot()) {
            var enabled = assertInstanceOf(RelayState.Enabled.class, boot.start());
            var steps = Sandbox.status(boot).steps();
            assertEquals(
                    Arrays.stream(Step.values()).map(Step::id).toList(),
                    steps.stream().map(StepResult::step).toList());
            assertTrue(
                    steps.stream()
                            .noneMatch(step -> step.outcome().equals("failed")
                                    && !step.step().equals("guard")),
                    steps.toString());
            assertEquals(
                    "http://127.0.0.1:" + enabled.port(), boot.environment().get("HTTPS_PROXY"));
            assertTrue(Files.readString(enabled.caBundle()).contains("BEGIN CERTIFICATE"));
            assertTrue(Files.exists(enabled.caFile()));
            assertFalse(sandbox.tokenIsThere());
            assertEquals(1, sandbox.atExit.size());
            var key = sandbox.config.relayToken();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            assertEquals(64, Files.readString(key).length());
        }
        assertEquals(0, sandbox.proxies.open.get());
    }

    @Test
    void theTokenIsThereUntilListenersAndCanariesAreThrough() {
        var seen = new ArrayList<Step>();
        sandbox.before = step -> {
            if (sandbox.tokenIsThere()) {
                seen.add(step);
            }
        };
        try (var boot = sandbox.boot()) {
            boot.start();
            assertEquals(
                    Arrays.stream(Step.values())
                            .takeWhile(step -> step.compareTo(Step.UNLINK) <= 0)
                            .toList(),
                    seen);
        }
    }

    @Test
    void neverSaysTheToken() throws Exception {
        try (var boot = sandbox.boot()) {
            var state = boot.start();
            var status = new String(boot.status(), StandardCharsets.UTF_8);
            assertFalse((status + state + boot.environment()).contains(Sandbox.TOKEN));
            assertFalse((status + state).contains(Files.readString(sandbox.config.relayToken())));
        }
    }

    /// How a sandbox is broken, and which step tells.
    interface Damage {
        void to(Sandbox sandbox) throws IOException;
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("no session id", Step.GATES, s -> s.variables.remove("SALLYPORT_SESSION_ID")),
                damage("a bad address", Step.GATES, s -> s.variables.put("SALLYPORT_EGRESS_URL", "ftp://x")),
                damage(
                        "a token that others can read",
                        Step.TOKEN,
                        s -> Files.setPosixFilePermissions(
                                s.config.tokenFile(), PosixFilePermissions.fromString("rw-r--r--"))),
                damage("a token of two lines", Step.TOKEN, s -> Files.writeString(s.config.tokenFile(), "a\nb")),
                damage("no door", Step.CA, s -> s.variables.put("SALLYPORT_EGRESS_URL", "http://127.0.0.1:1")),
                damage("a gateway that refuses", Step.CA, s -> s.gateway.certificateStatus = 503),
                damage(
                        "no certificates",
                        Step.CA,
                        s -> s.gateway.certificates = "<html>".getBytes(StandardCharsets.US_ASCII)),
                damage("10 MiB of certificates", Step.CA, s -> s.gateway.certificates = new byte[10 << 20]),
                damage(
                        "a directory of others",
                        Step.CA,
                        s -> Files.setPosixFilePermissions(
                                s.config.directory(), PosixFilePermissions.fromString("rwxrwxrwx"))),
                damage("a refused canary", Step.CANARIES, s -> s.proxies.allowed = FakeProxy.Answer.NO),
                damage("everything allowed", Step.CANARIES, s -> s.proxies.denied = FakeProxy.Answer.YES),
                damage(
                        "a denial for another reason",
                        Step.CANARIES,
                        s -> s.proxies.denied = new FakeProxy.Answer(403, "egress_off")),
                damage(
                        "an outage instead of a denial",
                        Step.CANARIES,
                        s -> s.proxies.denied = new FakeProxy.Answer(502, "dns_failed")));
    }

    private static Arguments damage(String what, Step step, Damage damage) {
        return Arguments.of(what, step, damage);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aFailureIsToldAndProcessesRunWithoutAWayOut(String what, Step step, Damage damage) throws Exception {
        damage.to(sandbox);
        try (var boot = sandbox.boot()) {
            var failed = assertInstanceOf(RelayState.Failed.class, boot.start());
            assertEquals(step, failed.step());
            assertFalse(failed.required());
            assertEquals(Map.of(), boot.environment());
            assertEquals("failed", Sandbox.status(boot).state());
            assertTrue(sandbox.tokenIsThere());
            assertEquals(0, sandbox.proxies.open.get());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void theSameFailureLetsNothingRunWhereTheWayOutIsRequired(String what, Step step, Damage damage) throws Exception {
        sandbox.variables.put("SALLYPORT_EGRESS_REQUIRED", "1");
        damage.to(sandbox);
        try (var boot = sandbox.boot()) {
            assertTrue(assertInstanceOf(RelayState.Failed.class, boot.start()).required());
            assertTrue(boot.required());
        }
    }

    @Test
    void aMissingTokenIsNoFailureUnlessTheWayOutIsRequired() throws IOException {
        Files.delete(sandbox.config.tokenFile());
        try (var boot = sandbox.boot()) {
            assertInstanceOf(RelayState.Off.class, boot.start());
        }
        sandbox.variables.put("SALLYPORT_EGRESS_REQUIRED", "1");
        try (var boot = sandbox.boot()) {
            assertTrue(assertInstanceOf(RelayState.Failed.class, boot.start()).required());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SALLYPORT_REMOTE", "SALLYPORT_UPSTREAM_PROXY"})
    void aClosedGateAsksNobodyAndHandsOnARelayAround(String gate) {
        sandbox.variables.put(gate, "0");
        sandbox.variables.put("HTTPS_PROXY", "http://outer:1");
        sandbox.variables.put("SSL_CERT_FILE", "/outer");
        try (var boot = sandbox.boot()) {
            assertInstanceOf(RelayState.Off.class, boot.start());
            assertEquals("http://outer:1", boot.environment().get("HTTPS_PROXY"));
        }
        assertEquals(0, sandbox.gateway.certificatesAsked.get());
        assertTrue(sandbox.tokenIsThere());
    }

    /// The crash matrix: a start is killed before each step, and another is made.
    @ParameterizedTest
    @EnumSource(Step.class)
    void aStartThatWasKilledCanBeMadeAgain(Step killed) {
        sandbox.before = step -> {
            if (step == killed) {
                throw new IllegalStateException("killed");
            }
        };
        try (var boot = sandbox.boot()) {
            assertEquals(
                    killed,
                    assertInstanceOf(RelayState.Failed.class, boot.start()).step());
            assertEquals(0, sandbox.proxies.open.get());
            boolean unlinked = killed == Step.ENVIRONMENT;
            assertEquals(!unlinked, sandbox.tokenIsThere());
            sandbox.before = step -> {};
            var again = boot.start();
            if (unlinked) {
                assertInstanceOf(RelayState.Off.class, again); // the token was used up
                assertEquals(Map.of(), again.environment());
            } else {
                assertInstanceOf(RelayState.Enabled.class, again);
                assertFalse(sandbox.tokenIsThere());
            }
        }
        try (var restarted = sandbox.boot()) { // another process, after all
            assertInstanceOf(RelayState.Off.class, restarted.start());
        }
    }

    @Test
    void aSecondStartGivesTheStateOfTheFirst() {
        try (var boot = sandbox.boot()) {
            assertSame(boot.start(), boot.start());
            assertEquals(1, sandbox.proxies.started.get());
        }
    }

    @Test
    void manyStartsAtOnceMakeOneRelay() throws Exception {
        try (var boot = sandbox.boot();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var states = new ArrayList<Future<RelayState>>();
            for (int i = 0; i < 20; i++) {
                states.add(threads.submit(boot::start));
            }
            for (var state : states) {
                assertSame(states.getFirst().get(20, TimeUnit.SECONDS), state.get(20, TimeUnit.SECONDS));
            }
            assertInstanceOf(RelayState.Enabled.class, boot.state());
            assertEquals(1, sandbox.proxies.started.get());
        }
    }

    @Test
    void aFileThatTookTheTokensPlaceStays() throws Exception {
        sandbox.before = step -> {
            if (step == Step.UNLINK) {
                replaceToken();
            }
        };
        try (var boot = sandbox.boot()) {
            assertInstanceOf(RelayState.Enabled.class, boot.start());
            assertEquals("another", Files.readString(sandbox.config.tokenFile()));
            assertEquals("failed", outcome(boot, Step.UNLINK));
        }
    }

    private void replaceToken() {
        try {
            Files.delete(sandbox.config.tokenFile());
            Files.writeString(sandbox.config.tokenFile(), "another");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void waitsForADoorThatOpensLater() throws Exception {
        int port = sandbox.gateway.port();
        sandbox.gateway.close();
        sandbox.before = step -> {
            if (step == Step.CA) {
                Thread.ofVirtual().start(() -> {
                    try {
                        late.add(new FakeGateway(port));
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
        };
        try (var boot = sandbox.boot()) {
            assertInstanceOf(RelayState.Enabled.class, boot.start());
        }
        for (var gateway : late) {
            gateway.close();
        }
    }

    private final List<FakeGateway> late = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Test
    void takesWhatIsRedirectedWhereThatIsWanted() throws Exception {
        sandbox.variables.put("SALLYPORT_EGRESS_TRANSPARENT", "1");
        try (var boot = sandbox.boot()) {
            var enabled = assertInstanceOf(RelayState.Enabled.class, boot.start());
            assertTrue(enabled.resolver());
            assertEquals("ok", outcome(boot, Step.TRANSPARENT));
            assertTrue(Sandbox.status(boot).transparent());
        }
    }

    @Test
    void nothingStartsAfterTheEnd() {
        var boot = sandbox.boot();
        boot.start();
        boot.close();
        boot.close();
        assertEquals(0, sandbox.proxies.open.get());
        assertEquals(Map.of(), boot.environment());
        assertInstanceOf(RelayState.Off.class, boot.start());
        assertEquals(1, sandbox.proxies.started.get());
    }

    @Test
    void anEndDuringAStartEndsTheRelayThatItMade() throws Exception {
        var boot = sandbox.boot();
        var closing = new ArrayList<Thread>();
        sandbox.before = step -> {
            if (step == Step.CANARIES) {
                closing.add(Thread.ofVirtual().start(boot::close));
            }
        };
        boot.start();
        for (var thread : closing) {
            assertTrue(thread.join(Duration.ofSeconds(20)));
        }
        assertEquals(1, sandbox.proxies.started.get());
        assertEquals(0, sandbox.proxies.open.get());
    }

    @Test
    void whatIsRegisteredForTheEndEndsIt() {
        try (var boot = sandbox.boot()) {
            boot.start();
            sandbox.atExit.forEach(Runnable::run);
            assertEquals(0, sandbox.proxies.open.get());
        }
    }

    private static String outcome(RelayBoot boot, Step step) throws Exception {
        return Sandbox.status(boot).steps().stream()
                .filter(result -> result.step().equals(step.id()))
                .findFirst()
                .orElseThrow()
                .outcome();
    }
}
