package io.sallyport.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.testing.Origin;
import io.sallyport.egress.testing.TestRelay;
import io.sallyport.egress.testing.TestRelay.Tunnel;
import io.sallyport.egress.testing.World;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.tunnel.MuxSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of tunnels that are open when something changes, and how many there may be.
final class TighteningTest {
    private static final long MIB = 1 << 20;
    private static final Duration WAIT = Duration.ofSeconds(10);

    /// 100 ms are demanded, which the benchmarks measure; here a machine may be busy with something else.
    private static final Duration CUT_WITHIN = Duration.ofSeconds(2);

    @TempDir
    Path home;

    private World world;
    private Origin origin;

    @BeforeEach
    void start() throws IOException {
        world = World.start(home);
        origin = Origin.echo();
        world.resolver().answer("a.test", "127.0.0.1").answer("b.test", "127.0.0.1");
        world.allow("a.test", "b.test");
    }

    @AfterEach
    void stop() throws IOException {
        world.close();
        origin.close();
    }

    private Tunnel open(String host) throws IOException {
        var tunnel = world.relay().open(host + ":" + origin.port(), "tcp");
        assertEquals(200, tunnel.status());
        check(tunnel);
        return tunnel;
    }

    private static void check(Tunnel tunnel) throws IOException {
        tunnel.send("x");
        assertEquals("x", tunnel.receive(1));
    }

    private static void assertCutSince(long nanos, Tunnel tunnel) {
        assertEquals("", tunnel.receiveRest());
        var took = Duration.ofNanos(System.nanoTime() - nanos);
        System.out.println("cut after " + took.toMillis() + " ms");
        assertTrue(took.compareTo(CUT_WITHIN) <= 0, "it took " + took);
    }

    @Test
    void cutsWhatIsNoLongerAllowedAndNothingElse() throws IOException {
        var stays = open("a.test");
        var goes = open("b.test");
        long before = System.nanoTime();
        world.allow("a.test");
        assertCutSince(before, goes);
        assertEquals("policy_tightened", world.await("end").reason());
        check(stays);
        assertEquals("host_not_allowed", world.relay().open("b.test:443", "").reason());
    }

    @Test
    void cutsForAPortSchemeOrBlockThatIsDenied() throws IOException {
        for (var policy : List.of(
                World.limited(new Rule("a.test", List.of(443), null, null, null)),
                World.limited(new Rule("a.test", null, List.of("https"), null, null)),
                denying("127.0.0.0/8"),
                EgressPolicy.NONE)) {
            world.allow("a.test");
            var tunnel = open("a.test");
            long before = System.nanoTime();
            world.policy(policy);
            assertCutSince(before, tunnel);
        }
    }

    private static EgressPolicy denying(String block) {
        return new EgressPolicy(
                EgressPolicy.Mode.LIMITED,
                null,
                List.of(Rule.of("a.test")),
                List.of(Rule.of(block)),
                null,
                null,
                null,
                null,
                false,
                false);
    }

    @Test
    void leavesTunnelsAloneWhenMoreIsAllowed() throws IOException {
        var tunnel = open("a.test");
        world.allow("a.test", "b.test", "c.test");
        world.sessions().reset();
        check(tunnel);
        check(open("b.test"));
    }

    @Test
    void cutsEverythingWithTheOldToken() throws IOException {
        var tunnel = open("a.test");
        long before = System.nanoTime();
        world.sessions().put(world.sandbox(), "another-token", World.limited(Rule.of("a.test")));
        assertCutSince(before, tunnel);
        assertEquals("unauthenticated", world.await("end").reason());
        try (var relay = new TestRelay(world.gateway(), world.sandbox(), "another-token")) {
            assertEquals(200, relay.open("a.test:" + origin.port(), "tcp").status());
        }
    }

    @Test
    void cutsEverythingOfASandboxThatEnded() throws IOException {
        var tunnel = open("a.test");
        long before = System.nanoTime();
        world.sessions().end(world.sandbox());
        assertCutSince(before, tunnel);
        var deadline = Deadline.after(WAIT);
        while (world.gateway().state(world.sandbox()).openTunnels() > 0 && !deadline.passed()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(0, world.gateway().state(world.sandbox()).openTunnels());
    }

    @Test
    void keepsTunnelsForAWhileWhenNobodyCanSay() throws IOException {
        var tunnel = open("a.test");
        world.sessions().undecided(true);
        world.sessions().reset();
        check(tunnel);
        world.sessions().undecided(false);
        long before = System.nanoTime();
        world.allow("b.test");
        assertCutSince(before, tunnel);
    }

    @Test
    void doesNotTouchOtherSandboxes() throws IOException {
        var other = SandboxId.random();
        world.sessions().put(other, "other-token", World.limited(Rule.of("a.test")));
        try (var relay = new TestRelay(world.gateway(), other, "other-token")) {
            var tunnel = relay.open("a.test:" + origin.port(), "tcp");
            check(tunnel);
            world.policy(EgressPolicy.NONE);
            check(tunnel);
        }
    }

    @Test
    void limitsTunnelsThatAreOpen() throws IOException {
        world.close();
        world = World.start(home, new Outlet.Limits(2, 3, 1_000, 1_000, 1_000, MIB));
        world.resolver().answer("a.test", "127.0.0.1");
        world.allow("a.test");
        var session = world.relay().v2();
        var open = new ArrayList<Tunnel>();
        for (int i = 0; i < 3; i++) {
            open.add(TestRelay.ask(session.open(), world.relay().head("a.test:" + origin.port(), "tcp")));
        }
        var refused = TestRelay.ask(session.open(), world.relay().head("a.test:" + origin.port(), "tcp"));
        assertEquals("limit", refused.reason());
        assertEquals(429, refused.status());
        for (var tunnel : open) {
            check(tunnel);
        }
        assertEquals(
                "limit",
                world.gateway()
                        .state(world.sandbox())
                        .recentRefusals()
                        .getLast()
                        .reason());
    }

    @Test
    void limitsWhatItKeepsOfAllStreamsTogether() throws Exception {
        world.close();
        world = World.start(home, new Outlet.Limits(4, 1_000, 1_000, 1_000, 1_000, MIB));
        world.resolver().answer("a.test", "127.0.0.1");
        world.allow("a.test");
        var head = world.relay().head("a.test:" + origin.port(), "tcp");
        int streams = 0;
        var sessions = List.of(world.relay().v2(), world.relay().v2());
        try {
            while (streams < 2 * MIB / MuxSession.FIRST_WINDOW_BYTES) {
                var tunnel = TestRelay.ask(sessions.get(streams % 2).open(), head);
                assertEquals(200, tunnel.status());
                streams++;
            }
        } catch (IOException e) {
            // Broken off.
        }
        assertEquals(MIB / MuxSession.FIRST_WINDOW_BYTES, streams);
    }

    @Test
    void limitsRelaysAndHowFastTunnelsBegin() throws IOException {
        world.close();
        world = World.start(home, new Outlet.Limits(2, 1_000, 20, 1_000, 1_000, 32 * MIB));
        world.allow("a.test");
        var session = world.relay().v2();
        var _ = world.relay().v2();
        var third = assertThrows(IOException.class, () -> world.relay().v2());
        assertEquals("refused with 429", third.getMessage());
        int limited = 0;
        for (int i = 0; i < 100; i++) {
            var answer = TestRelay.ask(session.open(), world.relay().head("denied.test:443", ""));
            limited += answer.reason().equals("limit") ? 1 : 0;
        }
        assertTrue(limited > 0, "a flood is slowed down");
        long told = world.records().stream()
                .filter(one -> one.reason().equals("limit"))
                .count();
        assertTrue(told < limited, "and is not written down drop by drop: " + told + " of " + limited);
    }

    @Test
    void closesConnectionsThatSayNothingWhereThereAreTooMany() throws IOException {
        for (int i = 0; i < Outlet.STRANGERS_MAX; i++) {
            var _ = world.relay().connect();
        }
        var tooMany = world.relay().connect();
        assertEquals(-1, tooMany.read(new byte[1], 0, 1));
        var other = SandboxId.random();
        world.sessions().put(other, "other-token", EgressPolicy.OPEN);
        try (var relay = new TestRelay(world.gateway(), other, "other-token")) {
            assertEquals(200, relay.get(EgressApi.CA_CERT).status(), "others are served");
        }
    }
}
