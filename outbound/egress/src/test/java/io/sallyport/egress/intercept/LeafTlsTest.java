package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tls.TlsConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The client's side of TLS: rows of reference/egress.md §4.3.
final class LeafTlsTest extends WithRig {
    /// Row 44.
    @Test
    void aClientThatSpeaksOnlyHttp2IsToldByTls() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        assertThrows(SSLException.class, () -> rig.tlsClient(context, rig.sandbox, "h2"));
        assertEquals(
                "http/1.1",
                rig.tlsClient(context, rig.sandbox, "h2", "http/1.1").getApplicationProtocol());
        assertTrue(rig.failures.poll(10, TimeUnit.SECONDS) instanceof SSLException);
    }

    @Test
    void aClientThatDoesNotTrustTheAuthorityIsAFailureOfItsOwn() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var stranger = TestPki.trusting(rig.pki.root());
        assertThrows(SSLException.class, () -> rig.tlsClient(stranger, rig.sandbox, "http/1.1"));
        var failure = rig.failures.poll(10, TimeUnit.SECONDS);
        assertTrue(String.valueOf(failure).contains("certificate_unknown"), String.valueOf(failure));
        assertEquals(List.of(), rig.origin().heads);
    }

    /// Row 43: of a ticket another sandbox can make nothing.
    @Test
    void aTlsSessionIsTakenUpAgainInItsSandboxOnly() throws IOException {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        long first = created(rig, context, rig.sandbox);
        long again = created(rig, context, rig.sandbox);
        long elsewhere = created(rig, context, SandboxId.random());

        assertEquals(first, again);
        assertTrue(elsewhere > first);
    }

    /// Row 36: what nobody should speak any more, in hellos written by hand, because no JDK makes them.
    @ParameterizedTest
    @CsvSource({
        "TLS 1.0, 0301, c009c00a, 0100, 70",
        "TLS 1.1, 0302, c009c00a, 0100, 70",
        "SSL 3, 0300, c009c00a, 0100, 70",
        "no cipher, 0303, 00000001, 0100, 40",
        "export ciphers, 0303, 00030008, 0100, 40",
        "RC4 and 3DES, 0303, c007c008, 0100, 40",
        "anonymous, 0303, c018c019, 0100, 40"
    })
    void whatIsWeakIsRefusedWithAnAlert(String what, String version, String ciphers, String compression, int alert)
            throws IOException {
        var rig = rig(Origin.ok("ok"));
        try (var client = rig.tunnel(rig.sandbox, Rig.DESTINATION)) {
            var body = version + "00".repeat(32) + "00" + "0004" + ciphers + compression;
            var hello = "160301" + "%04x".formatted(body.length() / 2 + 4) + "01" + "%06x".formatted(body.length() / 2)
                    + body;
            client.getOutputStream().write(HexFormat.of().parseHex(hello));
            var said = client.getInputStream().readNBytes(7);
            assertEquals(21, said[0], what + " is answered with an alert");
            assertArrayEquals(new byte[] {0, 2, 2, (byte) alert}, Arrays.copyOfRange(said, 3, 7), what);
        }
        assertEquals(List.of(), rig.origin().heads);
    }

    /// Whoever is connected stays so, also under what has been signed before.
    @Test
    void whenWhatMayBeLookedIntoChangesNewConnectionsSeeAnotherIntermediate() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        try (var before = rig.tlsClient(context, rig.sandbox, "http/1.1");
                var beforeToo = rig.tlsClient(TestPki.trusting(rig.authority.certificate()), rig.sandbox, "http/1.1")) {
            rig.permit(PermittedHosts.of(List.of(new HostName(Rig.HOST), new HostName("other.test")), List.of()));
            try (var after = rig.tlsClient(TestPki.trusting(rig.authority.certificate()), rig.sandbox, "http/1.1")) {
                assertEquals(intermediate(before), intermediate(beforeToo));
                assertNotEquals(intermediate(before), intermediate(after));
                for (var client : List.of(after, before)) {
                    Rig.send(client, GET);
                    assertTrue(Rig.read(client, 12).endsWith("200"));
                }
            }
        }
    }

    @Test
    void anotherSandboxHasAnotherIntermediateForTheSameHosts() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        try (var mine = rig.tlsClient(context, rig.sandbox, "http/1.1");
                var theirs = rig.tlsClient(context, SandboxId.random(), "http/1.1")) {
            assertNotEquals(intermediate(mine), intermediate(theirs));
        }
    }

    /// A client notices, so it is not for the gateway alone to see to it.
    @Test
    void aClientRefusesAHostThatItsSandboxMayNotHaveLookedInto() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.permit(PermittedHosts.of(List.of(new HostName("other.test")), List.of()));
        var context = TestPki.trusting(rig.authority.certificate());
        assertThrows(SSLException.class, () -> rig.tlsClient(context, rig.sandbox, "http/1.1"));
        assertTrue(rig.failures.poll(10, TimeUnit.SECONDS) instanceof SSLException);
        assertEquals(List.of(), rig.origin().heads);
    }

    @Test
    void anIntermediateIsReplacedAfterHalfItsLife() throws Exception {
        var now = new AtomicLong();
        var rig = rig(Origin.ok("ok"), now::get);
        var first = intermediateOfANewConnection(rig);
        var step = LeafTls.CONTEXT_IDLE.minusSeconds(1);
        for (var age = step; age.compareTo(LeafTls.INTERMEDIATE_USED) < 0; age = age.plus(step)) {
            now.set(age.toNanos());
            assertEquals(first, intermediateOfANewConnection(rig), age.toString());
        }
        now.set(LeafTls.INTERMEDIATE_USED.plusSeconds(1).toNanos());
        assertNotEquals(first, intermediateOfANewConnection(rig));
    }

    private static Certificate intermediateOfANewConnection(Rig rig) throws IOException {
        var context = TestPki.trusting(rig.authority.certificate());
        try (var client = rig.tlsClient(context, rig.sandbox, "http/1.1")) {
            return intermediate(client);
        }
    }

    /// What a client was shown: the host's and the sandbox's, and not the authority that it has.
    private static Certificate intermediate(SSLSocket client) throws IOException {
        var shown = client.getSession().getPeerCertificates();
        assertEquals(2, shown.length);
        return shown[1];
    }

    /// Row 36.
    @Test
    void whoeverNegotiatesAnewIsCutOff() throws Exception {
        var rig = rig(Origin.ok("ok"));
        var context = TestPki.trusting(rig.authority.certificate());
        var raw = rig.tunnel(rig.sandbox, Rig.DESTINATION);
        try (var client = (SSLSocket) context.getSocketFactory().createSocket(raw, Rig.HOST, 443, true)) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            Rig.send(client, GET);
            assertTrue(Rig.read(client, 12).endsWith("200"));
            client.getSession().invalidate();
            assertThrows(IOException.class, () -> {
                client.startHandshake();
                Rig.send(client, GET);
                Rig.read(client, Integer.MAX_VALUE);
            });
        }
        assertEquals(1, rig.origin().heads.size());
    }

    /// When the session was made that a connection uses. On an engine, because a socket of the JDK looks sessions up
    /// by the port it is really connected to.
    private static long created(Rig rig, SSLContext context, SandboxId whose) throws IOException {
        var engine = context.createSSLEngine(Rig.HOST, Rig.DESTINATION.port());
        engine.setUseClientMode(true);
        var raw = SocketConnection.of(rig.tunnel(whose, Rig.DESTINATION).getChannel());
        try (var client = TlsConnection.handshaken(raw, engine, Deadline.after(Duration.ofSeconds(10)))) {
            var request = LAST.getBytes(StandardCharsets.US_ASCII);
            client.write(request, 0, request.length);
            var scrap = new byte[1000];
            int n = client.read(scrap, 0, scrap.length);
            while (n >= 0) {
                n = client.read(scrap, 0, scrap.length);
            }
            return engine.getSession().getCreationTime();
        }
    }
}
