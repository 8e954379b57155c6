package io.sallyport.testbed;

import static io.sallyport.testbed.EgressApiTest.egress;
import static io.sallyport.testbed.EgressApiTest.path;
import static io.sallyport.testbed.EgressApiTest.withEgress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The way out of real sandboxes, by the gateway's own two hosts: one is always allowed, one never.
final class EgressTest {
    private static final Testbed BED = Testbed.get();
    private static final String ALLOWED = "https://allowed.canary.sallyport.internal/";
    private static final String DENIED = "https://denied.canary.sallyport.internal/";
    /// Without any variable that leads to the relay: what is left is the network.
    private static final String BARE = "env -i PATH=$PATH curl -sS -m 20 -k ";

    @Test
    void anUnmodifiedClientReachesWhatIsAllowedAndNothingElse() {
        var sandbox = BED.create(withEgress("{\"mode\":\"open\"}"));
        var reached = BED.sh(sandbox, "curl -sS -m 20 " + ALLOWED);
        assertEquals("ok\n", reached.out(), reached.toString());
        var refused = BED.sh(sandbox, "curl -sS -m 20 " + DENIED);
        assertNotEquals(0, refused.code(), refused.toString());
        Testbed.eventually(
                Duration.ofSeconds(5),
                "the refusal is shown with its reason",
                () -> egress(sandbox).contains("\"reason\":\"host_denied\""));
        var log = BED.api("GET", path(sandbox) + "/log", "");
        assertEquals(200, log.status(), log.toString());
        assertTrue(log.body().contains("\"reason\":\"host_denied\""), log.body());
        assertTrue(log.body().contains("\"decision\":\"allowed\""), log.body());
        BED.kill(sandbox);
    }

    @Test
    void aClientThatKnowsOfNoProxyIsLedOutAllTheSame() {
        var sandbox = BED.create(withEgress("{\"mode\":\"open\"}"));
        var reached = BED.sh(sandbox, BARE + ALLOWED);
        assertEquals("ok\n", reached.out(), reached.toString());
        assertNotEquals(0, BED.sh(sandbox, BARE + DENIED).code());
        var quic = BED.sh(
                sandbox,
                "python3 -c 'import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\n"
                        + "s.connect((\"192.0.2.77\", 443))\ns.send(b\"x\")'");
        assertTrue(quic.err().contains("PermissionError"), "datagrams are refused at once: " + quic);
        BED.kill(sandbox);
    }

    @Test
    void nobodyInsideCanUndoWhatLeadsThemOut() {
        var sandbox = BED.create(withEgress("{\"mode\":\"open\"}"));
        for (var attempt : List.of("nft flush ruleset", "ip route del default", "ip address del 192.0.2.1/32 dev lo")) {
            var tried = BED.exec(sandbox, "root", List.of("/bin/sh", "-c", "PATH=$PATH:/usr/sbin; " + attempt));
            assertNotEquals(0, tried.code(), attempt + ": " + tried);
        }
        assertEquals("ok\n", BED.sh(sandbox, BARE + ALLOWED).out());
        var token = BED.exec(sandbox, "root", List.of("/bin/sh", "-c", "cat /run/sallyport/session_token"));
        assertNotEquals(0, token.code(), "the token is gone once it was read");
        BED.kill(sandbox);
    }

    @Test
    void aTokenThatWasReplacedEndsTheWayOut() {
        var sandbox = BED.create(withEgress("{\"mode\":\"open\"}"));
        assertEquals("ok\n", BED.sh(sandbox, "curl -sS -m 20 " + ALLOWED).out());
        var rotated = BED.api("POST", path(sandbox) + "/rotate", "");
        assertEquals("2", rotated.json("epoch"), rotated.toString());
        Testbed.eventually(
                Duration.ofSeconds(10),
                "the old token opens nothing",
                () -> BED.sh(sandbox, "curl -sS -m 5 " + ALLOWED).code() != 0);
        BED.kill(sandbox);
    }

    @Test
    void theWayOutIsThereAgainAfterAPause() {
        var sandbox = BED.create(withEgress("{\"mode\":\"open\"}"));
        assertEquals("ok\n", BED.sh(sandbox, "curl -sS -m 20 " + ALLOWED).out());
        assertEquals(
                204,
                BED.api("POST", "/sandboxes/" + sandbox.id() + "/pause", "").status());
        assertEquals(
                201,
                BED.api("POST", "/sandboxes/" + sandbox.id() + "/connect", "{\"timeout\":60}")
                        .status());
        Testbed.eventually(
                Duration.ofSeconds(10),
                "the relay finds the door again",
                () -> BED.sh(sandbox, "curl -sS -m 5 " + ALLOWED).out().equals("ok\n"));
        BED.kill(sandbox);
    }
}
