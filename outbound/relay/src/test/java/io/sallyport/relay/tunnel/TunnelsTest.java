package io.sallyport.relay.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.testing.FakeGateway;
import io.sallyport.relay.tunnel.Tunnels.Mode;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tunnel.ChunkConnection;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.tunnel.MuxStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TunnelsTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static Tunnels tunnels(FakeGateway gateway, Mode mode) {
        return new Tunnels(gateway, "box1", FakeGateway::token, mode);
    }

    private static Connection open(Tunnels tunnels, String host) throws IOException {
        return tunnels.open(host + ":443", "https", Optional.empty(), soon());
    }

    @Test
    void saysWhoAsksForWhat() throws IOException {
        try (var gateway = new FakeGateway(true);
                var tunnels = tunnels(gateway, Mode.AUTO);
                var tunnel = tunnels.open("echo.test:80", "http", Optional.of(TRACE), soon())) {
            assertTrue(Answer.read(tunnel).connected());
            var basic = Base64.getEncoder()
                    .encodeToString(("box1:" + FakeGateway.TOKEN).getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    "CONNECT echo.test:80 HTTP/1.1\r\nSallyport-Scheme: http\r\ntraceparent: " + TRACE
                            + "\r\nProxy-Authorization: Basic " + basic + "\r\n\r\n",
                    gateway.heads.remove());
            var upgrade = gateway.upgrades.remove();
            assertEquals(
                    "Bearer " + FakeGateway.TOKEN,
                    upgrade.first("Authorization").orElseThrow());
            assertEquals("application/proto", upgrade.first("Content-Type").orElseThrow());
            assertFalse(upgrade.has("Sec-WebSocket-Extensions"));
        }
    }

    @Test
    void dropsATraceThatIsNone() throws IOException {
        try (var gateway = new FakeGateway(true);
                var tunnels = tunnels(gateway, Mode.AUTO);
                var tunnel = tunnels.open("echo.test:443", "", Optional.of("x\r\nEvil: 1"), soon())) {
            assertTrue(Answer.read(tunnel).connected());
            assertTrue(gateway.heads.remove().startsWith("CONNECT echo.test:443 HTTP/1.1\r\nProxy-Authorization: "));
        }
    }

    @Test
    void manyTunnelsShareOneWebSocket() throws IOException {
        try (var gateway = new FakeGateway(true);
                var tunnels = tunnels(gateway, Mode.AUTO)) {
            var open = new ArrayList<Connection>();
            for (int i = 0; i < MuxSession.STREAMS_MAX; i++) {
                open.add(open(tunnels, "echo.test"));
            }
            assertEquals(1, gateway.dials.get());
            open.add(open(tunnels, "echo.test"));
            assertEquals(2, gateway.dials.get());
            for (var one : open) {
                assertTrue(Answer.read(one).connected());
                one.close();
            }
            assertEquals(new Tunnels.State("v2", 2, 0), tunnels.state());
        }
    }

    @Test
    void fallsBackToOneWebSocketEach() throws IOException {
        try (var gateway = new FakeGateway(false);
                var tunnels = tunnels(gateway, Mode.AUTO)) {
            for (int i = 0; i < 3; i++) {
                try (var tunnel = open(tunnels, "echo.test")) {
                    assertEquals(ChunkConnection.class, tunnel.getClass());
                    assertTrue(Answer.read(tunnel).connected());
                }
            }
            assertEquals(4, gateway.dials.get()); // one of them asked for v2
            assertEquals("v1", tunnels.state().protocol());
        }
    }

    @Test
    void insistsOnV2WhereItIsToldTo() throws IOException {
        try (var gateway = new FakeGateway(false);
                var tunnels = tunnels(gateway, Mode.V2)) {
            assertThrows(IOException.class, () -> open(tunnels, "echo.test"));
        }
    }

    @Test
    void tellsThatTheTokenIsNotTaken() throws IOException {
        try (var gateway = new FakeGateway(true)) {
            for (var mode : Mode.values()) {
                try (var tunnels = new Tunnels(gateway, "box1", () -> new byte[] {'x'}, mode)) {
                    assertThrows(UnauthenticatedException.class, () -> open(tunnels, "echo.test"));
                }
            }
        }
    }

    @Test
    void findsTheGatewayAgain() throws IOException {
        try (var gateway = new FakeGateway(true);
                var tunnels = tunnels(gateway, Mode.AUTO)) {
            var before = open(tunnels, "echo.test");
            assertTrue(Answer.read(before).connected());
            gateway.cutAll();
            assertThrows(IOException.class, () -> before.read(new byte[1], 0, 1));
            try (var tunnel = open(tunnels, "echo.test")) {
                assertEquals(MuxStream.class, tunnel.getClass());
                assertTrue(Answer.read(tunnel).connected());
            }
            assertEquals(2, gateway.dials.get());
        }
    }

    @Test
    void oneTriesForAllWhenTheGatewayIsAway() throws Exception {
        try (var gateway = new FakeGateway(true);
                var tunnels = tunnels(gateway, Mode.AUTO);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.away = true;
            var asked = new ArrayList<Future<?>>();
            for (int i = 0; i < 200; i++) {
                asked.add(threads.submit(() -> assertThrows(IOException.class, () -> open(tunnels, "echo.test"))));
            }
            for (var one : asked) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertTrue(gateway.dials.get() < 10, gateway.dials + " dials");
            gateway.away = false;
            open(tunnels, "echo.test").close();
        }
    }

    @Test
    void overwritesTheTokenItWasGiven() throws IOException {
        var given = new ArrayList<byte[]>();
        try (var gateway = new FakeGateway(true);
                var tunnels = new Tunnels(
                        gateway,
                        "box1",
                        () -> {
                            given.add(FakeGateway.token());
                            return given.getLast();
                        },
                        Mode.AUTO)) {
            open(tunnels, "echo.test").close();
            assertEquals(2, given.size());
            assertTrue(given.stream().allMatch(one -> Arrays.equals(one, new byte[one.length])));
        }
    }
}
