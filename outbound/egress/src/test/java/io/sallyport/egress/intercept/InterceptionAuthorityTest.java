package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import io.sallyport.wire.address.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows 39 and 40 of reference/egress.md §4.3.
final class InterceptionAuthorityTest {
    private static final int CALLERS = 10_000;
    private static final int SAN_DNS = 2;
    private static final int SAN_IP = 7;

    @TempDir
    private Path home;

    @Test
    void isMadeOnceAndReadAgain() throws IOException {
        var first = InterceptionAuthority.open(home.resolve("ca"));
        var again = InterceptionAuthority.open(home.resolve("ca"));

        assertArrayEquals(first.certificatePem(), again.certificatePem());
        assertEquals(
                PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(home.resolve("ca/ca.key")));
    }

    @Test
    void noTwoAreAlike() throws IOException {
        var one = InterceptionAuthority.open(home.resolve("one")).certificate();
        var two = InterceptionAuthority.open(home.resolve("two")).certificate();

        assertNotEquals(one.getPublicKey(), two.getPublicKey());
        assertNotEquals(one.getSerialNumber(), two.getSerialNumber());
        assertNotEquals(one.getSubjectX500Principal(), two.getSubjectX500Principal());
    }

    @Test
    void showsItsCertificateAndNothingElse() throws IOException {
        var pem = new String(InterceptionAuthority.open(home).certificatePem(), StandardCharsets.US_ASCII);

        assertTrue(pem.startsWith("-----BEGIN CERTIFICATE-----\n"));
        assertEquals(2, pem.split("CERTIFICATE-----", -1).length - 1);
        assertFalse(pem.contains("PRIVATE"));
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws IOException {
        var _ = InterceptionAuthority.open(home);
        Files.setPosixFilePermissions(home.resolve("ca.key"), PosixFilePermissions.fromString("rw-r-----"));

        assertThrows(IOException.class, () -> InterceptionAuthority.open(home));
    }

    @Test
    void aKeyThatIsDamagedIsAnErrorAndIsNotReplaced() throws IOException {
        var _ = InterceptionAuthority.open(home);
        Files.writeString(home.resolve("ca.key"), "nonsense");

        assertThrows(IOException.class, () -> InterceptionAuthority.open(home));
        assertEquals("nonsense", Files.readString(home.resolve("ca.key")));
    }

    @Test
    void aLeafIsForOneNameShortLivedAndForServersOnly() throws Exception {
        var authority = InterceptionAuthority.open(home);
        var chain = new LeafCertificates(authority).chain(host("api.example.com"));
        var leaf = chain[0];

        leaf.verify(authority.certificate().getPublicKey());
        assertEquals(List.of(List.of(SAN_DNS, "api.example.com")), List.copyOf(leaf.getSubjectAlternativeNames()));
        assertFalse(leaf.getSubjectX500Principal().getName().contains("CN="));
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), leaf.getExtendedKeyUsage());
        assertEquals(-1, leaf.getBasicConstraints());
        var life = Duration.between(
                leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        assertEquals(Duration.ofHours(47), life);
        assertTrue(leaf.getSerialNumber().bitLength() >= 64);
        assertEquals("EC", leaf.getPublicKey().getAlgorithm());
        assertEquals(0, authority.certificate().getBasicConstraints());
        for (var id : List.of(Extension.authorityKeyIdentifier, Extension.subjectKeyIdentifier)) {
            assertTrue(leaf.getExtensionValue(id.getId()) != null, id.getId());
        }
    }

    @Test
    void anAddressHasACertificateForAnAddress() throws Exception {
        var leaves = new LeafCertificates(InterceptionAuthority.open(home));
        for (var address : List.of("192.0.2.7", "2001:db8::7")) {
            var names = List.copyOf(leaves.chain(host(address))[0].getSubjectAlternativeNames());
            assertEquals(SAN_IP, names.getFirst().getFirst());
            assertEquals(host(address), host(String.valueOf(names.getFirst().get(1))));
            assertEquals(1, names.size());
        }
    }

    @Test
    void noCertificateIsEverForAWildcardOrForANameThatIsNone() {
        assertTrue(Host.parse("*.example.com").isEmpty());
        assertTrue(Host.parse("a.".repeat(126) + "toolong").isEmpty());
    }

    @Test
    void manyWhoWantTheSameHostGetOneCertificate() throws Exception {
        var leaves = new LeafCertificates(InterceptionAuthority.open(home));
        Set<X509Certificate> seen = ConcurrentHashMap.newKeySet();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.execute(() -> seen.add(leaves.chain(host("api.example.com"))[0]));
            }
        }
        assertEquals(1, seen.size());
    }

    @Test
    void aFloodOfHostsKeepsNoMoreThanItMayAndNoSerialComesTwice() throws IOException {
        var leaves = new LeafCertificates(InterceptionAuthority.open(home));
        var serials = new HashSet<>();
        for (int i = 0; i < 2 * LeafCertificates.KEPT_MAX; i++) {
            serials.add(leaves.chain(host("h" + i + ".example.com"))[0].getSerialNumber());
        }
        assertEquals(2 * LeafCertificates.KEPT_MAX, serials.size());
        assertTrue(leaves.size() <= LeafCertificates.KEPT_MAX, "kept: " + leaves.size());
    }

    @Test
    void aLeafIsReplacedAfterHalfItsLife() throws IOException {
        var now = new AtomicLong();
        Ticker ticker = now::get;
        var leaves = new LeafCertificates(InterceptionAuthority.open(home), ticker);
        var first = leaves.chain(host("a.example"))[0];
        assertSame(first, leaves.chain(host("a.example"))[0]);

        now.set(LeafCertificates.LIFE.dividedBy(2).plusSeconds(1).toNanos());
        assertNotEquals(first, leaves.chain(host("a.example"))[0]);
    }

    /// Row 39: a clock in a sandbox may be wrong, and stands still while it is paused.
    @Test
    void aCertificateIsGoodForClocksThatAreTenMinutesOff() throws Exception {
        var chain = new LeafCertificates(InterceptionAuthority.open(home)).chain(host("a.example"));
        for (var one : chain) {
            for (int minutes : new int[] {-10, 0, 10}) {
                one.checkValidity(Date.from(Instant.now().plus(Duration.ofMinutes(minutes))));
            }
        }
    }

    private static Host host(String text) {
        return Host.parse(text).orElseThrow();
    }
}
