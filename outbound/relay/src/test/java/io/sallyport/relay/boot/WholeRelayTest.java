package io.sallyport.relay.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.transparent.NameCheck.Decision;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The relay with its real proxy and tunnels.
@Timeout(60)
final class WholeRelayTest {
    private static final int WAIT_MS = 10_000;

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

    private RelayBoot boot() {
        return new RelayBoot(sandbox.config, sandbox.variables, stop -> {});
    }

    @Test
    void isEnabledAfterBothCanariesAndLetsProgramsOut() throws Exception {
        try (var boot = boot()) {
            var enabled = assertInstanceOf(RelayState.Enabled.class, boot.start(), boot.state()::why);
            var heads = sandbox.gateway.heads.toString();
            assertTrue(heads.contains("CONNECT " + EgressApi.CANARY_ALLOWED + ":443 HTTP/1.1"), heads);
            assertTrue(heads.contains("CONNECT " + EgressApi.CANARY_DENIED + ":443 HTTP/1.1"), heads);
            try (var client = connect(enabled.port())) {
                say(client, "CONNECT api.example:443 HTTP/1.1\r\n\r\nhello");
                var answer = "HTTP/1.1 200 Connection Established\r\n\r\nhello";
                assertEquals(answer, hear(client, answer.length()));
            }
        }
    }

    @Test
    void theStatusIsReadWithTheRelaysOwnToken() throws Exception {
        try (var boot = boot()) {
            boot.start();
            var token = Files.readString(sandbox.config.relayToken());
            var shown = status(boot, "Sallyport-Relay-Token: " + token + "\r\n");
            assertTrue(shown.startsWith("HTTP/1.1 200 ") && shown.contains("\"state\":\"enabled\""), shown);
            assertTrue(shown.contains("\"tunnels\":{\"protocol\":\"v2\",\"sessions\":1,"), shown);
            assertTrue(status(boot, "").startsWith("HTTP/1.1 403 "));
            var crossed = "Origin: http://evil.example\r\nSallyport-Relay-Token: " + token + "\r\n";
            assertTrue(status(boot, crossed).startsWith("HTTP/1.1 403 "));
        }
    }

    private static String status(RelayBoot boot, String header) throws Exception {
        try (var client = connect(Sandbox.status(boot).port())) {
            say(client, "GET /status HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n");
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aTakenPortIsAFailureOfListening() throws Exception {
        var config = sandbox.config.withProxyPort(sandbox.gateway.port());
        try (var boot = new RelayBoot(config, sandbox.variables, stop -> {})) {
            assertEquals(
                    Step.LISTEN,
                    assertInstanceOf(RelayState.Failed.class, boot.start()).step());
            assertTrue(sandbox.tokenIsThere());
        }
    }

    @Test
    void aTokenThatTheGatewayDoesNotKnowIsAFailure() throws Exception {
        Files.writeString(sandbox.config.tokenFile(), "of-somebody-else");
        try (var boot = boot()) {
            assertEquals(
                    Step.CANARIES,
                    assertInstanceOf(RelayState.Failed.class, boot.start()).step());
        }
    }

    @Test
    void asksTheGatewayForNames() throws Exception {
        try (var arena = Arena.ofConfined();
                var token = new Token(arena.allocateFrom(Sandbox.TOKEN).asSlice(0, Sandbox.TOKEN.length()))) {
            var gateway = new GatewayClient(at(sandbox.gateway.port()));
            var names = new GatewayNames(gateway, token);
            assertEquals(new Decision.Allowed(), names.ask("api.example"));
            assertEquals(
                    "host_not_allowed",
                    assertInstanceOf(Decision.Denied.class, names.ask("denied.example"))
                            .reason());
            var nowhere = new GatewayNames(new GatewayClient(at(1)), token);
            assertInstanceOf(Decision.Undecided.class, nowhere.ask("api.example"));
        }
    }

    private static Destination at(int port) {
        return Destination.parseAuthority("127.0.0.1", port).orElseThrow();
    }

    @Test
    void onlyDenialsAreDenials() {
        assertInstanceOf(Decision.Undecided.class, GatewayNames.decide(429, Optional.of("limit")));
        assertInstanceOf(Decision.Undecided.class, GatewayNames.decide(503, Optional.of("policy_unavailable")));
        assertInstanceOf(Decision.Undecided.class, GatewayNames.decide(401, Optional.empty()));
        assertInstanceOf(Decision.Undecided.class, GatewayNames.decide(403, Optional.of("made_up")));
        assertInstanceOf(Decision.Undecided.class, GatewayNames.decide(200, Optional.empty()));
        assertInstanceOf(Decision.Denied.class, GatewayNames.decide(403, Optional.of("egress_off")));
    }

    private static Socket connect(int port) throws IOException {
        var client = new Socket(Loopback.v4(0).getAddress(), port);
        client.setSoTimeout(WAIT_MS);
        return client;
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hear(Socket client, int bytes) throws IOException {
        return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }
}
