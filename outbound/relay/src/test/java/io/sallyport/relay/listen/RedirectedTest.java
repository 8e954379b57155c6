package io.sallyport.relay.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.testing.FakeGateway;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.relay.tunnel.Tunnels.Mode;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedirectedTest {
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final RecentFailures failures = new RecentFailures();
    private FakeGateway gateway;
    private Tunnels tunnels;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(true);
        tunnels = new Tunnels(gateway, "box1", FakeGateway::token, Mode.AUTO);
    }

    @AfterEach
    void stop() throws IOException {
        tunnels.close();
        gateway.close();
    }

    /// A program, and the thread that serves it.
    private record Program(Socket client, Thread served) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private Program redirect(String authority, String scheme) throws IOException {
        try (var server = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            var client = SocketChannel.open(server.getLocalAddress()).socket();
            client.setSoTimeout((int) WAIT.toMillis());
            var accepted = SocketConnection.of(server.accept());
            var redirected = new Redirected(tunnels, failures);
            var served = Thread.ofVirtual().start(() -> redirected.serve(accepted, authority, scheme));
            return new Program(client, served);
        }
    }

    @Test
    void theProgramSeesNothingOfTheGateway() throws Exception {
        try (var program = redirect("first.test:25", "tcp")) {
            program.client().getOutputStream().write("EHLO".getBytes(StandardCharsets.US_ASCII));
            program.client().shutdownOutput();
            assertEquals(
                    "220 helloEHLO",
                    new String(program.client().getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertTrue(program.served().join(WAIT));
            assertTrue(gateway.heads.remove().contains("\r\nSallyport-Scheme: tcp\r\n"));
        }
    }

    @Test
    void whatIsRefusedIsResetAndWrittenDown() throws Exception {
        try (var program = redirect("deny.test:443", "https")) {
            assertThrows(
                    IOException.class, () -> program.client().getInputStream().read());
            assertTrue(program.served().join(WAIT));
            assertEquals(Kind.CONNECT_REJECTED, failures.list().getLast().kind());
        }
    }

    @Test
    void withoutAGatewayItIsReset() throws Exception {
        gateway.away = true;
        try (var program = redirect("echo.test:443", "https")) {
            assertThrows(
                    IOException.class, () -> program.client().getInputStream().read());
            assertTrue(program.served().join(WAIT));
            assertEquals(Kind.GATEWAY_UNREACHABLE, failures.list().getLast().kind());
        }
    }
}
