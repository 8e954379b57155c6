package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sallyport.egress.EgressConfig;
import io.sallyport.egress.EgressGateway;
import io.sallyport.egress.testing.FakeResolver;
import io.sallyport.egress.testing.FakeSessions;
import io.sallyport.egress.testing.TestRelay;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressRecord;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Connection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Why a host was not reached stands in the log and in the last refusals, and the client is told the reason alone.
final class ExpiredOriginTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String TOKEN = "token-of-the-sandbox";
    private static final TestPki PKI = new TestPki();
    private static final String WHY = "allow[0] host.test: the certificate has expired";

    @TempDir
    Path home;

    private final SandboxId sandbox = SandboxId.random();
    private EgressGateway gateway;
    private TestRelay relay;

    @BeforeEach
    void start() throws IOException {
        var sessions = new FakeSessions();
        gateway = EgressGateway.start(
                EgressConfig.in(home)
                        .withPrivateAllowed(
                                List.of(IpBlock.parse("127.0.0.1/32").orElseThrow()))
                        .withExtraRoots(List.of(PKI.root()))
                        .withResolver(new FakeResolver().answer("host.test", "127.0.0.1")),
                sessions);
        relay = new TestRelay(gateway, sandbox, TOKEN);
        var rule = new Rule("host.test", null, null, List.of("GET"), null); // so that it is looked into
        sessions.put(
                sandbox,
                TOKEN,
                new EgressPolicy(Mode.LIMITED, null, List.of(rule), null, null, null, null, null, false, false));
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        gateway.close();
    }

    private static SSLContext expired() {
        var now = Instant.now();
        return PKI.server("host.test", now.minus(DAY.multipliedBy(2)), now.minus(DAY), TestPki.ec(), "SHA256withECDSA");
    }

    /// The last record, which may be on its way still.
    private EgressRecord last(String event) throws IOException {
        var deadline = Deadline.after(WAIT);
        while (true) {
            var all = gateway.read(sandbox, 0, 100);
            if (!all.isEmpty() && all.getLast().event().equals(event)) {
                return all.getLast();
            }
            assertFalse(deadline.passed(), () -> "no " + event + " at the end of " + all);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void assertSaysWhy(String event) throws IOException {
        var record = last(event);
        assertEquals("upstream_tls", record.reason());
        assertEquals(WHY, record.rule());
        assertEquals(WHY, gateway.state(sandbox).recentRefusals().getLast().rule());
    }

    @Test
    void aTunnelToItSaysWhy() throws IOException {
        try (var origin = new Origin(expired(), Origin.ok("x"))) {
            var answer = relay.open("host.test:" + origin.port(), "https");
            assertEquals("upstream_tls", answer.reason());
            assertEquals(-1, answer.body().indexOf("expired"));
            assertSaysWhy("connect");
        }
    }

    @Test
    void aRequestThatNeedsAnotherConnectionSaysWhy() throws Exception {
        try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                serve(listener, PKI.server("host.test"));
                serve(listener, expired());
            });
            int port = listener.getLocalPort();
            var tunnel = relay.open("host.test:" + port, "https");
            assertEquals(200, tunnel.status());
            var http = new HttpClient(tls(tunnel.connection(), port), HttpLimits.DEFAULT);
            assertEquals(200, get(http, port));
            assertEquals(502, get(http, port));
            assertSaysWhy("response");
        }
    }

    private static int get(HttpClient http, int port) throws IOException {
        http.send(RequestHead.of("GET", "/", Headers.of("Host", "host.test:" + port)), Framing.NONE)
                .close();
        return http.readHead().status();
    }

    private Connection tls(Connection tunnel, int port) throws IOException, CertificateException {
        var pem = relay.get(EgressApi.CA_CERT).text().getBytes(StandardCharsets.US_ASCII);
        var authority = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        var to = Destination.parseAuthority("host.test:" + port).orElseThrow();
        return new UpstreamTls(List.of(authority)).connect(tunnel, sandbox, to, Deadline.after(WAIT));
    }

    /// One request on one connection.
    private static void serve(ServerSocket listener, SSLContext context) {
        try (var raw = listener.accept();
                var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, null, raw.getPort(), true)) {
            socket.setUseClientMode(false);
            if (!Origin.readHead(socket.getInputStream()).isEmpty()) {
                var answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The gateway has gone, as it should.
        }
    }
}
