package io.sallyport.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tls.ClientContext;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsConnection;
import io.sallyport.wire.tls.TlsIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mutual TLS with certificates of a real authority, over real sockets.
final class TlsTest {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 3443; // whose sessions are taken up again, wherever the test listens

    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeAuthorities() throws IOException {
        for (var name : List.of("ours", "others")) {
            var authority = CertificateAuthority.create(directory.resolve(name));
            authority.issue("agent", Role.AGENT, List.of(HOST));
            authority.issue("gateway", Role.GATEWAY, List.of(HOST));
            authority.issue("elsewhere", Role.AGENT, List.of("box7.test"));
        }
    }

    private static TlsIdentity identity(String authority, String name) throws IOException {
        var from = directory.resolve(authority);
        return TlsIdentity.load(from.resolve(name + ".crt"), from.resolve(name + ".key"), from.resolve("ca.crt"));
    }

    private record Pair(TlsConnection client, TlsConnection server) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    private static Pair connect() throws IOException {
        return connect(identity("ours", "gateway"), identity("ours", "agent"));
    }

    private static Pair connect(TlsIdentity client, TlsIdentity server) throws IOException {
        try (var listener = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            int port = listener.socket().getLocalPort();
            var deadline = Deadline.after(Duration.ofSeconds(10));
            var accepted = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.accept(SocketConnection.of(listener.accept()), deadline);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            var raw = SocketConnection.connect(SocketChannel.open(), Loopback.v4(port), deadline);
            try {
                return new Pair(client.connect(raw, HOST, PORT, Role.AGENT, deadline), accepted.join());
            } catch (CompletionException e) {
                throw new IOException(e.getCause());
            }
        }
    }

    @Test
    void eachSideKnowsWhatTheOtherIs() throws IOException {
        try (var pair = connect()) {
            assertEquals(Optional.of(Role.AGENT), pair.client().peerRole());
            assertEquals(Optional.of(Role.GATEWAY), pair.server().peerRole());
        }
    }

    @Test
    void bytesOfEverySizeComeThroughReadsOfEverySize() throws Exception {
        var random = new Random(7);
        try (var pair = connect()) {
            for (int round = 0; round < 40; round++) {
                var sent = new byte[1 + random.nextInt(round < 20 ? 5_000 : 400_000)];
                random.nextBytes(sent);
                var from = round % 2 == 0 ? pair.client() : pair.server();
                var to = round % 2 == 0 ? pair.server() : pair.client();
                var writer = Thread.ofVirtual().start(() -> write(from, sent));
                assertArrayEquals(sent, read(to, sent.length, random));
                writer.join();
            }
        }
    }

    private static void write(Connection to, byte[] bytes) {
        try {
            if (bytes.length % 2 == 0) {
                to.write(bytes, 0, bytes.length);
            } else {
                to.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
            }
        } catch (IOException e) {
            to.close();
        }
    }

    private static byte[] read(Connection from, int length, Random random) throws IOException {
        var read = new ByteArrayOutputStream();
        while (read.size() < length) {
            var into = ByteBuffer.allocate(1 + random.nextInt(random.nextBoolean() ? 50 : 60_000));
            int n = random.nextBoolean() ? from.read(into) : from.read(into.array(), 0, into.capacity());
            read.write(into.array(), 0, n);
        }
        return read.toByteArray();
    }

    @Test
    void aConnectionThatStaysOpenDoesNotKeepTheSessionsOfLaterOnes() throws Exception {
        var client = identity("ours", "gateway");
        var server = identity("ours", "agent");
        try (var first = connect(client, server)) {
            exchange(first);
            for (int i = 0; i < 3 * ClientContext.CONNECTIONS_MAX; i++) {
                try (var pair = connect(client, server)) {
                    exchange(pair);
                }
            }
            exchange(first);
            long kept = instances("sun.security.ssl.SSLSessionImpl");
            assertTrue(kept > 0 && kept < 2 * ClientContext.CONNECTIONS_MAX, kept + " sessions");
        }
    }

    /// The ticket of a session comes with the first bytes.
    private static void exchange(Pair pair) throws IOException {
        pair.server().write(new byte[] {1}, 0, 1);
        assertEquals(1, pair.client().read(new byte[1], 0, 1));
    }

    /// Objects of a class that are reachable.
    private static long instances(String name) throws JMException {
        Object[] none = {new String[0]};
        var histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        none,
                        new String[] {String[].class.getName()});
        var line = Pattern.compile("(\\d+) +\\d+ +" + Pattern.quote(name) + " ").matcher(histogram);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    @Test
    void oneDirectionEndsByItself() throws IOException {
        try (var pair = connect()) {
            pair.client().write(new byte[] {1}, 0, 1);
            pair.client().shutdownOutput();
            var buffer = new byte[10];
            assertEquals(1, pair.server().read(buffer, 0, 10));
            assertEquals(-1, pair.server().read(buffer, 0, 10));
            pair.server().write(new byte[] {2, 3}, 0, 2);
            assertEquals(2, pair.client().read(buffer, 0, 10));
            pair.server().shutdownOutput();
            assertEquals(-1, pair.client().read(buffer, 0, 10));
        }
    }

    @Test
    void aCutIsNoEnd() throws IOException {
        try (var pair = connect()) {
            pair.server().close();
            var e = assertThrows(IOException.class, () -> pair.client().read(new byte[1], 0, 1));
            assertTrue(e.toString().contains("cut") || e.toString().contains("reset"), e.toString());
        }
    }

    @Test
    void whatIsThereIsReadWithoutWaiting() throws IOException {
        try (var pair = connect()) {
            var buffer = new byte[10];
            assertEquals(0, pair.client().readNow(buffer, 0, 10));
            pair.server().write(new byte[] {5}, 0, 1);
            int n = 0;
            for (int i = 0; n == 0 && i < 1_000_000; i++) {
                n = pair.client().readNow(buffer, 0, 10);
            }
            assertEquals(1, n);
        }
    }

    @Test
    void strangersAreRefused() throws IOException {
        var gateway = identity("ours", "gateway");
        var agent = identity("ours", "agent");
        assertThrows(IOException.class, () -> connect(gateway, identity("others", "agent")));
        assertThrows(IOException.class, () -> connect(gateway, identity("ours", "elsewhere")), "another host's name");
        assertThrows(IOException.class, () -> connect(gateway, identity("ours", "gateway")), "not an agent");
        try (var pair = connect(identity("ours", "gateway"), agent)) {
            assertTrue(pair.server().peerRole().isPresent());
        }
        var stranger = assertThrows(IOException.class, () -> {
            // In TLS 1.3 a client learns only from its first read that the server did not like its certificate.
            try (var pair = connect(identity("others", "gateway"), agent)) {
                pair.client().read(new byte[1], 0, 1);
            }
        });
        assertTrue(stranger.toString().length() > 0);
    }
}
