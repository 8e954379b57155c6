package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tls.TlsConnection;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Rows 36 to 38 of reference/egress.md §4.3, against real servers.
final class UpstreamTlsTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final TestPki PKI = new TestPki();
    private static final Duration DAY = Duration.ofDays(1);

    private final UpstreamTls tls = new UpstreamTls(List.of(PKI.root()));

    static Stream<Arguments> badServers() {
        var now = Instant.now();
        var from = now.minus(DAY);
        var to = now.plus(DAY);
        return Stream.of(
                Arguments.of(
                        PKI.server(
                                "api.example.com",
                                now.minus(DAY.multipliedBy(2)),
                                from,
                                TestPki.ec(),
                                "SHA256withECDSA"),
                        "the certificate has expired"),
                Arguments.of(
                        PKI.server(
                                "api.example.com", to, now.plus(DAY.multipliedBy(2)), TestPki.ec(), "SHA256withECDSA"),
                        "the certificate is not valid yet"),
                Arguments.of(PKI.server("other.example.com"), "the certificate is not for this host"),
                Arguments.of(PKI.server("*.com"), "the certificate is not for this host"),
                Arguments.of(
                        new TestPki().server("api.example.com"), "the certificate is of no authority that is trusted"),
                Arguments.of(
                        PKI.serverWithoutIntermediate("api.example.com"),
                        "the certificate is of no authority that is trusted"),
                Arguments.of(
                        PKI.server("api.example.com", from, to, TestPki.pair("RSA", 1024), "SHA256withECDSA"),
                        "the certificate uses a key or signature that is too weak"),
                Arguments.of(
                        PKI.server("api.example.com", from, to, TestPki.ec(), "SHA1withECDSA"),
                        "the certificate uses a key or signature that is too weak"));
    }

    @ParameterizedTest
    @MethodSource("badServers")
    void neverAcceptsABadCertificateAndSaysWhy(SSLContext server, String why) throws IOException {
        try (var origin = new Origin(server, Origin.ok("x"))) {
            var refused = assertThrows(RefusedException.class, () -> connect(origin.port(), "api.example.com:443"));
            assertEquals(EgressReason.UPSTREAM_TLS, refused.reason());
            assertTrue(String.valueOf(refused.getMessage()).endsWith(why), refused.getMessage());
        }
    }

    @Test
    void acceptsAGoodOneForANameAndForAnAddress() throws IOException {
        for (var host : List.of("api.example.com", "192.0.2.9")) {
            try (var origin = new Origin(PKI.server(host), Origin.ok("hello"));
                    var connection = connect(origin.port(), host + ":443")) {
                var request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                connection.write(request, 0, request.length);
                assertTrue(connection.read(new byte[100], 0, 100) > 0);
            }
        }
    }

    @Test
    void doesNotTrustAPrivateAuthorityThatNobodyConfigured() throws IOException {
        try (var origin = new Origin(PKI.server("api.example.com"), Origin.ok("x"))) {
            var strict = new UpstreamTls(List.of());
            var refused = assertThrows(
                    RefusedException.class, () -> connect(strict, origin.port(), "api.example.com:443", WAIT));
            assertEquals(EgressReason.UPSTREAM_TLS, refused.reason());
        }
    }

    @Test
    void refusesOldVersionsOfTls() throws IOException {
        var factory = PKI.server("api.example.com").getServerSocketFactory();
        try (var old = (SSLServerSocket)
                factory.createServerSocket(0, 5, Loopback.v4(0).getAddress())) {
            old.setEnabledProtocols(new String[] {"TLSv1.1"});
            answerOnce(old);
            var refused =
                    assertThrows(RefusedException.class, () -> connect(old.getLocalPort(), "api.example.com:443"));
            assertEquals(EgressReason.UPSTREAM_TLS, refused.reason());
        }
    }

    @Test
    void saysWhenTheHostWantsAClientCertificate() throws IOException {
        var factory = PKI.server("api.example.com").getServerSocketFactory();
        try (var mutual = (SSLServerSocket)
                factory.createServerSocket(0, 5, Loopback.v4(0).getAddress())) {
            mutual.setNeedClientAuth(true);
            mutual.setEnabledProtocols(new String[] {"TLSv1.2"});
            answerOnce(mutual);
            var refused =
                    assertThrows(RefusedException.class, () -> connect(mutual.getLocalPort(), "api.example.com:443"));
            assertEquals(EgressReason.UPSTREAM_TLS, refused.reason());
            assertTrue(String.valueOf(refused.getMessage()).contains("client certificate"), refused.getMessage());
        }
    }

    @Test
    void aHostThatSpeaksNoTlsIsRefusedAndASilentOneGivenUp() throws IOException {
        try (var origin = new Origin(null, Origin.ok("x"))) {
            var refused = assertThrows(
                    RefusedException.class,
                    () -> connect(tls, origin.port(), "api.example.com:443", Duration.ofMillis(200)));
            assertEquals(EgressReason.CONNECT_TIMEOUT, refused.reason());
        }
        try (var banner = new ServerSocket(0, 5, Loopback.v4(0).getAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = banner.accept()) {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertFalse(socket.getInputStream().readAllBytes().length == 0);
                } catch (IOException e) {
                    // The client has gone.
                }
            });
            var refused =
                    assertThrows(RefusedException.class, () -> connect(banner.getLocalPort(), "api.example.com:443"));
            assertEquals(EgressReason.UPSTREAM_TLS, refused.reason());
        }
    }

    private static void answerOnce(SSLServerSocket server) {
        Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                assertFalse(socket.getInputStream().read() > 0);
            } catch (IOException e) {
                // The handshake fails, which the test is about.
            }
        });
    }

    private TlsConnection connect(int port, String authority) throws IOException {
        return connect(tls, port, authority, WAIT);
    }

    private static TlsConnection connect(UpstreamTls by, int port, String authority, Duration wait) throws IOException {
        var raw = SocketConnection.connect(SocketChannel.open(), Loopback.v4(port), Deadline.after(wait));
        return by.connect(
                raw, SandboxId.random(), Destination.parseAuthority(authority).orElseThrow(), Deadline.after(wait));
    }
}
