package io.sallyport.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.testing.Origin;
import io.sallyport.egress.testing.TestRelay;
import io.sallyport.egress.testing.World;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressRecord;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway from the sandbox's side: who is let in, what is carried, and what is said and written down.
final class EgressGatewayTest {
    @TempDir
    Path home;

    private World world;
    private TestRelay relay;

    @BeforeEach
    void start() throws IOException {
        world = World.start(home);
        relay = world.relay();
        world.resolver().answer("host.test", "127.0.0.1");
        world.allow("host.test");
    }

    @AfterEach
    void stop() throws IOException {
        world.close();
    }

    @Test
    void givesItsAuthorityToAnybody() throws IOException {
        var answer = relay.get(EgressApi.CA_CERT);
        assertEquals(200, answer.status());
        assertEquals("application/x-pem-file", answer.header("Content-Type"));
        assertEquals("no-store", answer.header("Cache-Control"));
        assertTrue(answer.text().startsWith("-----BEGIN CERTIFICATE-----"), answer.text());
        assertFalse(answer.text().contains("PRIVATE"), answer.text());
    }

    @Test
    void refusesATunnelWithoutTheSandboxesToken() throws IOException {
        var type = new String[] {"Content-Type", EgressApi.CONTENT_TYPE};
        assertEquals(401, relay.get(EgressApi.TUNNEL, type).status());
        assertEquals(
                401, relay.get(EgressApi.TUNNEL, "Authorization", "Bearer x").status());
        assertEquals(
                401,
                relay.get(EgressApi.TUNNEL, "Authorization", relay.bearer(), "Authorization", relay.bearer())
                        .status());
        var other = SandboxId.random();
        world.sessions().put(other, "other-token", EgressPolicy.OPEN);
        var answer = relay.get(EgressApi.TUNNEL, "Authorization", "Bearer other-token");
        assertEquals(401, answer.status());
        assertEquals("unauthenticated", answer.header("Sallyport-Egress-Reason"));
        var stranger = new TestRelay(world.gateway(), SandboxId.random(), World.TOKEN);
        assertEquals(
                401,
                stranger.get(EgressApi.TUNNEL, "Authorization", stranger.bearer())
                        .status());
        stranger.close();
    }

    @Test
    void refusesATunnelOfAnotherKind() throws IOException {
        assertEquals(
                415,
                relay.get(EgressApi.TUNNEL, "Authorization", relay.bearer()).status());
        assertEquals(
                415,
                relay.get(EgressApi.TUNNEL, "Authorization", relay.bearer(), "Content-Type", "application/json")
                        .status());
        assertEquals(
                400,
                relay.get(EgressApi.TUNNEL, "Authorization", relay.bearer(), "Content-Type", EgressApi.CONTENT_TYPE)
                        .status());
        var refused = assertThrows(IOException.class, () -> relay.upgrade("sallyport.tunnel.v9"));
        assertEquals("refused with 400", refused.getMessage());
    }

    /// Attack 79 of reference/egress.md §4.6: what is compressed beside a secret tells about it, and may be a bomb.
    @Test
    void compressesNothingWhateverIsOffered() throws IOException {
        var connection = relay.connect();
        TestRelay.send(
                connection,
                "GET " + EgressApi.TUNNEL + " HTTP/1.1\r\nHost: door\r\nAuthorization: " + relay.bearer()
                        + "\r\nContent-Type: " + EgressApi.CONTENT_TYPE
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n");
        var head = new HttpClient(connection, HttpLimits.DEFAULT).readHead();
        assertEquals(101, head.status());
        assertFalse(head.headers().has("Sec-WebSocket-Extensions"));
    }

    /// Attack 105 of reference/egress.md §4.7.
    @Test
    void itsEndIsTheEndOfEveryTunnelAndComesOnce() throws Exception {
        try (var origin = Origin.manual()) {
            var tunnel = relay.open("host.test:" + origin.port(), "tcp");
            var host = origin.next();
            world.gateway().close();
            world.gateway().close();
            assertEquals("", tunnel.receiveRest());
            assertEquals(0, host.getInputStream().readAllBytes().length);
        }
    }

    @Test
    void carriesBytesInOneStream() throws IOException {
        try (var origin = Origin.echo()) {
            var tunnel = TestRelay.ask(relay.v1(), relay.head("host.test:" + origin.port(), "tcp"));
            assertEquals(200, tunnel.status());
            tunnel.send("hello");
            assertEquals("hello", tunnel.receive(5));
            tunnel.connection().close();
        }
    }

    @Test
    void carriesBytesInManyStreamsAndEndsOneDirectionAtATime() throws IOException {
        try (var origin = Origin.echo()) {
            var session = relay.v2();
            for (int i = 0; i < 5; i++) {
                var tunnel = TestRelay.ask(session.open(), relay.head("host.test:" + origin.port(), "tcp"));
                assertEquals(200, tunnel.status());
                tunnel.send("hello " + i);
                tunnel.connection().shutdownOutput();
                assertEquals("hello " + i, tunnel.receive(100), "to the end of the stream");
            }
        }
    }

    @Test
    void takesWhatCameBehindTheHead() throws IOException {
        try (var origin = Origin.echo()) {
            var tunnel = TestRelay.ask(relay.v1(), relay.head("host.test:" + origin.port(), "tcp") + "early");
            assertEquals("early", tunnel.receive(5));
        }
    }

    @Test
    void wantsTheWholeHeadInTheFirstMessageOfAnOldTunnel() throws IOException {
        var stream = relay.v1();
        var head = relay.head("host.test:443", "");
        TestRelay.send(stream, head.substring(0, 20));
        assertEquals(400, new HttpClient(stream, HttpLimits.DEFAULT).readHead().status());
    }

    @Test
    void takesAHeadInPiecesInAStream() throws IOException {
        try (var origin = Origin.echo()) {
            var stream = relay.v2().open();
            var head = relay.head("host.test:" + origin.port(), "tcp");
            TestRelay.send(stream, head.substring(0, 20));
            assertEquals(200, TestRelay.ask(stream, head.substring(20)).status());
        }
    }

    @Test
    void refusesAStreamWithAnothersCredentials() throws IOException {
        var session = relay.v2();
        var id = world.sandbox().text();
        for (var head : List.of(
                TestRelay.head("host.test:443", "", id, "wrong"),
                TestRelay.head("host.test:443", "", SandboxId.random().text(), World.TOKEN),
                TestRelay.head("host.test:443", "", "", ""),
                "CONNECT host.test:443 HTTP/1.1\r\n\r\n")) {
            var answer = TestRelay.ask(session.open(), head);
            assertEquals(407, answer.status());
            assertEquals("unauthenticated", answer.reason());
        }
        assertEquals(0, world.resolver().asked());
    }

    @Test
    void saysWhyInTheAnswerAndInTheLog() throws IOException {
        var answer = relay.open("denied.test:443", "");
        assertEquals(403, answer.status());
        assertEquals("host_not_allowed", answer.reason());
        assertEquals(
                "{\"code\":403,\"reason\":\"host_not_allowed\",\"message\":\"no rule allows this host\","
                        + "\"retryable\":false}",
                answer.body());
        assertEquals(0, world.resolver().asked(), "a name that is refused is never resolved");
        var records = world.records();
        assertEquals(1, records.size());
        var record = records.getFirst();
        assertEquals("connect", record.event());
        assertEquals("denied.test", record.host());
        assertEquals(443, record.port());
        assertEquals(EgressRecord.REFUSED, record.decision());
        assertEquals("host_not_allowed", record.reason());
        var refusals = world.gateway().state(world.sandbox()).recentRefusals();
        assertEquals("denied.test", refusals.getLast().host());
        assertEquals("host_not_allowed", refusals.getLast().reason());
    }

    @Test
    void writesDownWhereATunnelLedAndWhatItCarried() throws Exception {
        try (var origin = Origin.echo()) {
            var tunnel = relay.open("host.test:" + origin.port(), "tcp");
            assertEquals(1, world.gateway().state(world.sandbox()).openTunnels());
            tunnel.send("12345");
            tunnel.connection().shutdownOutput();
            assertEquals("12345", tunnel.receive(100));
            tunnel.connection().close();
            var end = world.await("end");
            assertEquals(5, end.bytesOut());
            assertEquals(5, end.bytesIn());
            var connect = world.records().getFirst();
            assertEquals("127.0.0.1", connect.address());
            assertEquals("allow[0] host.test", connect.rule());
            assertEquals("tcp", connect.scheme());
        }
    }

    @Test
    void neverDelaysOnACanary() throws IOException {
        world.policy(EgressPolicy.NONE);
        var denied = relay.open(EgressApi.CANARY_DENIED + ":443", "");
        assertEquals("host_denied", denied.reason());
        var plain = relay.open(EgressApi.CANARY_ALLOWED + ":80", "http");
        assertEquals(200, plain.status());
        plain.send("GET / HTTP/1.1\r\nHost: " + EgressApi.CANARY_ALLOWED + "\r\n\r\n");
        assertTrue(plain.receiveRest().endsWith("\r\n\r\nok\n"));
        var secret = relay.open(EgressApi.CANARY_ALLOWED + ":443", "");
        var tls = world.tls(secret.connection(), EgressApi.CANARY_ALLOWED, 443);
        TestRelay.send(tls, "GET / HTTP/1.1\r\nHost: " + EgressApi.CANARY_ALLOWED + "\r\n\r\n");
        var bytes = new byte[12];
        assertEquals(12, tls.read(bytes, 0, 12));
        assertEquals("HTTP/1.1 200", new String(bytes, StandardCharsets.US_ASCII));
        assertEquals(
                "port_not_allowed",
                relay.open(EgressApi.CANARY_ALLOWED + ":22", "tcp").reason());
        assertEquals(0, world.resolver().asked());
    }

    @Test
    void saysWhetherANameMayBeResolved() throws IOException {
        assertEquals(401, relay.get(EgressApi.NAME + "?name=host.test").status());
        assertEquals(204, name("host.test").status());
        assertEquals(204, name(EgressApi.CANARY_ALLOWED).status());
        assertEquals("host_denied", name(EgressApi.CANARY_DENIED).header("Sallyport-Egress-Reason"));
        assertEquals("host_not_allowed", name("other.test").header("Sallyport-Egress-Reason"));
        assertEquals(400, name("169.254.169.254").status());
        assertEquals(400, name("a%00b").status());
        assertEquals(0, world.resolver().asked());
        assertEquals(
                6,
                world.records().stream()
                        .filter(one -> one.event().equals("name"))
                        .count());
    }

    private TestRelay.Answer name(String name) throws IOException {
        return relay.get(EgressApi.NAME + "?name=" + name, "Authorization", relay.bearer());
    }

    @Test
    void refusesEverythingWhileNobodyCanSay() throws IOException {
        var session = relay.v2();
        world.sessions().undecided(true);
        world.sessions().changed(world.sandbox());
        var answer = TestRelay.ask(session.open(), relay.head("host.test:443", ""));
        assertEquals(503, answer.status());
        assertEquals("policy_unavailable", answer.reason());
        assertEquals(
                503,
                relay.get(EgressApi.TUNNEL, "Authorization", relay.bearer()).status());
        world.sessions().undecided(false);
        world.resolver().answer("host.test", "192.0.2.1");
        assertEquals(
                "address_blocked",
                TestRelay.ask(session.open(), relay.head("host.test:443", "")).reason());
    }

    @Test
    void refusesEverythingUnderAPolicyThatIsNone() throws IOException {
        world.allow("*.com", "host.test");
        assertEquals(
                "policy_unavailable",
                relay.get(EgressApi.TUNNEL, "Authorization", relay.bearer()).header("Sallyport-Egress-Reason"));
    }

    @Test
    void asksOnceForASandboxAndAgainWhenItChanged() throws IOException {
        int before = world.sessions().asked();
        var session = relay.v2();
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    403,
                    TestRelay.ask(session.open(), relay.head("denied.test:443", ""))
                            .status());
        }
        assertEquals(before + 1, world.sessions().asked());
        world.allow("denied.test");
        assertEquals(
                502,
                TestRelay.ask(session.open(), relay.head("denied.test:443", "")).status());
    }
}
