package io.sallyport.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.egress.testing.TestRelay;
import io.sallyport.egress.testing.TestRelay.Tunnel;
import io.sallyport.egress.testing.World;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of intercepted connections when it changes which hosts are looked into.
final class ChangedTermsTest {
    private static final String ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";

    @TempDir
    Path home;

    private World world;
    private ServerSocketChannel listener;
    private int port;

    @BeforeEach
    void start() throws IOException {
        world = World.start(home);
        world.resolver().answer("a.test", "127.0.0.1").answer("b.test", "127.0.0.1");
        listener = ServerSocketChannel.open().bind(Loopback.v4(0));
        port = listener.socket().getLocalPort();
    }

    @AfterEach
    void stop() throws IOException {
        world.close();
        listener.close();
    }

    @Test
    void openConnectionsGoOnAndNewOnesAreAccepted() throws IOException {
        var rules = World.limited(Rule.of("a.test"), Rule.of("b.test"));
        world.policy(rules, secret("a.test"));
        var first = open("a.test");
        request(first, "a.test");

        world.policy(rules, secret("a.test"), secret("b.test"));
        request(first, "a.test");
        request(open("a.test"), "a.test");
        request(open("b.test"), "b.test");
        canary();

        world.policy(rules);
        request(first, "a.test");
        canary();
    }

    private BoundSecret secret(String host) {
        return new BoundSecret("KEY-" + host, "value-for-" + host, "placeholder-for-" + host, host, "https", port);
    }

    private Connection open(String host) throws IOException {
        serve(host);
        Tunnel tunnel = world.relay().open(host + ":" + port, "");
        assertEquals(200, tunnel.status());
        return world.tls(tunnel.connection(), host, port);
    }

    /// The next connection, for as many requests as come, each in one piece.
    private void serve(String name) {
        Thread.ofVirtual().start(() -> {
            try (var host = world.hostTls(SocketConnection.of(listener.accept()), name, port)) {
                var bytes = new byte[4096];
                while (host.read(bytes, 0, bytes.length) > 0) {
                    TestRelay.send(host, ANSWER);
                }
            } catch (IOException e) {
                // Seen by the client.
            }
        });
    }

    private void request(Connection client, String host) throws IOException {
        TestRelay.send(client, "GET / HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n\r\n");
        assertEquals("HTTP/1.1 204", read(client, "\r\n\r\n").substring(0, 12));
    }

    private static String read(Connection client, String end) throws IOException {
        var read = new StringBuilder();
        var bytes = new byte[4096];
        while (read.indexOf(end) < 0) {
            int n = client.read(bytes, 0, bytes.length);
            if (n < 0) {
                throw new EOFException(read.toString());
            }
            read.append(new String(bytes, 0, n, StandardCharsets.US_ASCII));
        }
        return read.toString();
    }

    private void canary() throws IOException {
        var tunnel = world.relay().open(EgressApi.CANARY_ALLOWED + ":443", "");
        var tls = world.tls(tunnel.connection(), EgressApi.CANARY_ALLOWED, 443);
        TestRelay.send(tls, "GET / HTTP/1.1\r\nHost: " + EgressApi.CANARY_ALLOWED + "\r\n\r\n");
        assertEquals("HTTP/1.1 200", read(tls, "ok\n").substring(0, 12));
    }
}
