package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.address.Host;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a sandbox's authority can sign for, as clients see it.
final class IntermediateTest {
    private static final long SEED = 20_260;
    private static final int ROUNDS = 150;
    private static final int HOSTS_EACH = 6;
    private static final String OUTSIDE = "name constraints check failed";
    private static final Duration OPENSSL_WAIT = Duration.ofSeconds(20);
    private static final List<String> LABELS = List.of("a", "b", "api", "x-y", "under_score", "xn--bcher-kva", "com");
    private static final List<String> ADDRESSES =
            List.of("192.0.2.7", "192.0.2.8", "0.0.0.0", "255.255.255.255", "2001:db8::7", "::1", "::");

    @TempDir
    private Path home;

    private InterceptionAuthority authority;
    private X509Certificate root;

    @BeforeEach
    void open() throws IOException {
        authority = InterceptionAuthority.open(home.resolve("ca"));
        root = authority.certificate();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a.test | a.test | true",
                "a.test | x.a.test | true", // a constraint cannot say less
                "a.test | xa.test | false",
                "a.test | test | false",
                "a.test | b.test | false",
                "a.test b.test | b.test | true",
                "a.test | 192.0.2.7 | false",
                "a.test | 2001:db8::7 | false",
                "a.test 192.0.2.7 | 192.0.2.7 | true",
                "a.test 192.0.2.7 | 192.0.2.8 | false",
                "a.test 192.0.2.7 | 2001:db8::7 | false",
                "a.test 2001:db8::7 | 2001:db8::7 | true",
                "a.test 2001:db8::7 | 2001:db8::8 | false",
                "a.test 2001:db8::7 | 192.0.2.7 | false",
                "a.test 2001:db8::7 192.0.2.7 | 192.0.2.7 | true",
                "a.test 192.0.2.7 | b.test | false",
                "un_der.test xn--bcher-kva.test | un_der.test | true",
                "un_der.test xn--bcher-kva.test | xn--bcher-kva.test | true"
            })
    void signsForWhatIsPermittedAndForNothingElse(String permitted, String host, boolean accepted) throws Exception {
        var hosts = hosts(permitted);
        var chain = authority.intermediate(hosts).chain(host(host));
        assertEquals(accepted ? "" : OUTSIDE, Pkix.refusal(root, chain));
        assertEquals(accepted, hosts.permits(host(host)));
        assertEquals(accepted, opensslAccepts(chain));
    }

    @Test
    void cannotSignForWhatIsItsNeighbours() {
        var mine = authority.intermediate(hosts("mine.test shared.test"));
        var theirs = authority.intermediate(hosts("theirs.test shared.test"));
        assertEquals(OUTSIDE, Pkix.refusal(root, mine.chain(host("theirs.test"))));
        assertEquals(OUTSIDE, Pkix.refusal(root, theirs.chain(host("mine.test"))));
        assertEquals("", Pkix.refusal(root, mine.chain(host("shared.test"))));

        var mixed = new X509Certificate[] {mine.chain(host("theirs.test"))[0], theirs.certificate()};
        assertNotEquals("", Pkix.refusal(root, mixed), "nor with the neighbour's certificate above it");
    }

    @Test
    void saysNothingOfHostsWhereAnyIsPermitted() throws Exception {
        var any = authority.intermediate(PermittedHosts.ANY);
        assertNull(any.certificate().getExtensionValue(Extension.nameConstraints.getId()));
        for (var host : List.of("a.test", "192.0.2.7", "2001:db8::7")) {
            assertEquals("", Pkix.refusal(root, any.chain(host(host))));
            assertTrue(opensslAccepts(any.chain(host(host))), host);
        }
    }

    @Test
    void isForServersShortLivedAndMayHaveNoAuthorityBelowIt() throws Exception {
        var certificate = authority.intermediate(hosts("a.test")).certificate();
        certificate.verify(root.getPublicKey());
        assertEquals(0, certificate.getBasicConstraints());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
        assertTrue(certificate.getCriticalExtensionOIDs().contains(Extension.nameConstraints.getId()));
        var life = Duration.between(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
        assertEquals(Duration.ofHours(47), life);
    }

    @Test
    void noTwoHaveAKeyOrANameInCommon() {
        var one = authority.intermediate(hosts("a.test"));
        var two = authority.intermediate(hosts("a.test"));
        assertNotEquals(one.certificate().getPublicKey(), two.certificate().getPublicKey());
        assertNotEquals(
                one.certificate().getSubjectX500Principal(), two.certificate().getSubjectX500Principal());
        assertNotEquals(one.serverKey(), two.serverKey());
        assertNotEquals(one.certificate().getPublicKey(), one.chain(host("a.test"))[0].getPublicKey());
    }

    /// The whole of it, and the part for each host where it is too much for one certificate.
    @Test
    void whatASetOfHostsPermitsIsWhatClientsAccept() {
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            var names = new ArrayList<HostName>();
            var addresses = new ArrayList<IpAddress>();
            int count = 1 + random.nextInt(round % 10 == 0 ? 2 * PermittedHosts.Listed.ENTRIES_MAX : 4);
            for (int i = 0; i < count; i++) {
                names.add(name(random));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                addresses.add((IpAddress) host(one(random, ADDRESSES)));
            }
            var hosts = PermittedHosts.of(names, addresses);
            for (int i = 0; i < HOSTS_EACH; i++) {
                var host = random.nextInt(3) == 0 ? host(one(random, ADDRESSES)) : name(random);
                var chain = authority.intermediate(hosts.around(host)).chain(host);
                assertEquals(
                        hosts.permits(host) ? "" : OUTSIDE, Pkix.refusal(root, chain), () -> hosts + " " + host.text());
            }
        }
    }

    private static HostName name(Random random) {
        var text = new StringBuilder(one(random, LABELS));
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append('.').append(one(random, LABELS));
        }
        return new HostName(text.toString());
    }

    private static String one(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static PermittedHosts hosts(String text) {
        var names = new ArrayList<HostName>();
        var addresses = new ArrayList<IpAddress>();
        for (var word : text.split(" ", -1)) {
            switch (host(word)) {
                case HostName name -> names.add(name);
                case IpAddress address -> addresses.add(address);
            }
        }
        return PermittedHosts.of(names, addresses);
    }

    private static Host host(String text) {
        return Host.parse(text).orElseThrow();
    }

    private boolean opensslAccepts(X509Certificate[] chain) throws Exception {
        Files.writeString(home.resolve("root.pem"), pem(root));
        Files.writeString(home.resolve("between.pem"), pem(chain[1]));
        Files.writeString(home.resolve("leaf.pem"), pem(chain[0]));
        var process = new ProcessBuilder(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslserver",
                        "-CAfile",
                        "root.pem",
                        "-untrusted",
                        "between.pem",
                        "leaf.pem")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(OPENSSL_WAIT.toMillis(), TimeUnit.MILLISECONDS), said);
        boolean accepted = process.exitValue() == 0;
        assertTrue(accepted || said.contains("permitted subtree violation") || said.contains("excluded subtree"), said);
        return accepted;
    }

    private static String pem(X509Certificate certificate) throws CertificateEncodingException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
