package io.sallyport.egress.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.egress.testing.Origin;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Socks5Test {
    private static final Proxy NOBODY = new Proxy("proxy:1080", "", "");
    private static final Proxy ME = new Proxy("proxy:1080", "me", "very-secret");
    private static final int FUZZ_ROUNDS = 200;

    private static Destination to(String text) {
        return Destination.parseAuthority(text).orElseThrow();
    }

    private static Connection dial(Origin proxy) throws IOException {
        var deadline = Deadline.after(Duration.ofSeconds(10));
        var connection = SocketConnection.connect(SocketChannel.open(), Loopback.v4(proxy.port()), deadline);
        connection.deadline(deadline);
        return connection;
    }

    /// A proxy that says all it will ever say at once.
    private static Origin saying(String hex) throws IOException {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return Origin.with(socket -> {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "05 00 05 00 00 01 01020304 0050 6869",
        "05 00 05 00 00 03 03616263 0050 6869",
        "05 00 05 00 00 04 00000000000000000000000000000001 0050 6869",
        "05 02 01 00 05 00 00 01 01020304 0050 6869",
    })
    void leavesWhatTheDestinationSaysToItsReader(String hex) throws IOException {
        try (var proxy = saying(hex);
                var connection = dial(proxy)) {
            Socks5.connect(connection, hex.startsWith("05 02") ? ME : NOBODY, to("a.com:443"));
            var bytes = new byte[16];
            int n = connection.read(bytes, 0, bytes.length);
            assertEquals("hi", new String(bytes, 0, n, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', the proxy hung up",
        "05, the proxy hung up",
        "04 00, the proxy does not speak SOCKS5",
        "48 54 54 50, the proxy does not speak SOCKS5",
        "05 ff, the proxy wants an authentication that there is none for",
        "05 02 01 01, the proxy does not accept the user name and password",
        "05 00 05 05 00 01, the proxy says: connection refused",
        "05 00 05 63 00 01, the proxy says: failure 99",
        "05 00 05 00 00 02, the proxy answers with an address of no known type",
        "05 00 05 00 00 01 0102, the proxy hung up",
    })
    void saysWhatTheProxyDidNotDo(String hex, String message) throws IOException {
        try (var proxy = saying(hex);
                var connection = dial(proxy)) {
            var failure = assertThrows(IOException.class, () -> Socks5.connect(connection, ME, to("a.com:443")));
            assertEquals(message, failure.getMessage());
            assertFalse(failure.toString().contains("very-secret"));
        }
    }

    @Test
    void doesNotAuthenticateWhereNobodyIsNamed() throws IOException {
        try (var proxy = saying("05 02");
                var connection = dial(proxy)) {
            assertThrows(IOException.class, () -> Socks5.connect(connection, NOBODY, to("a.com:443")));
        }
    }

    @Test
    void endsWhateverAProxySays() throws IOException {
        var random = new Random(1928);
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            var bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            for (int i = 0; i < Math.min(bytes.length, random.nextInt(7)); i++) {
                bytes[i] = new byte[] {5, 0, 5, 0, 0, 1, 0}[i];
            }
            try (var proxy = saying(HexFormat.of().formatHex(bytes));
                    var connection = dial(proxy)) {
                Socks5.connect(connection, ME, to("8.8.8.8:443"));
            } catch (IOException e) {
                // As it should be, or the bytes were right.
            }
        }
    }
}
