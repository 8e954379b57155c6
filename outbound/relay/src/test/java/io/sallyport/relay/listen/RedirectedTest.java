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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedirectedTest {
    private static final int WAIT_MS = 20_000;

    private final RecentFailures failures = new RecentFailures();
    private FakeGateway gateway;
    private Tunnels tunnels;
    private Socket client;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(true);
        tunnels = new Tunnels(gateway, "box1", FakeGateway::token, Mode.AUTO);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        tunnels.close();
        gateway.close();
    }

    private Thread redirect(String authority, String scheme) throws IOException {
        try (var server = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            client = SocketChannel.open(server.getLocalAddress()).socket();
            client.setSoTimeout(WAIT_MS);
            var accepted = SocketConnection.of(server.accept());
            var redirected = new Redirected(tunnels, failures);
            return Thread.ofVirtual().start(() -> redirected.serve(accepted, authority, scheme));
        }
    }

    @Test
    void theProgramSeesNothingOfTheGateway() throws Exception {
        var served = redirect("first.test:25", "tcp");
        client.getOutputStream().write("EHLO".getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        assertEquals("220 helloEHLO", new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        served.join();
        assertTrue(gateway.heads.remove().contains("\r\nSallyport-Scheme: tcp\r\n"));
    }

    @Test
    void whatIsRefusedIsResetAndWrittenDown() throws Exception {
        var served = redirect("deny.test:443", "https");
        assertThrows(IOException.class, () -> client.getInputStream().read());
        served.join();
        assertEquals(Kind.CONNECT_REJECTED, failures.list().getLast().kind());
    }

    @Test
    void withoutAGatewayItIsReset() throws Exception {
        gateway.away = true;
        var served = redirect("echo.test:443", "https");
        assertThrows(IOException.class, () -> client.getInputStream().read());
        served.join();
        assertEquals(Kind.GATEWAY_UNREACHABLE, failures.list().getLast().kind());
    }
}
