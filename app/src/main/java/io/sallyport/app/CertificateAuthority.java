package io.sallyport.app;

import io.sallyport.kit.AtomicFile;
import io.sallyport.wire.tls.Role;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemReader;

/// The authority of one installation, in a directory: `ca.crt`, `ca.key`, and `NAME.crt`, `NAME.key` for each
/// program.
///
/// P-256 throughout. Whoever can read `ca.key` can be any program of the installation.
final class CertificateAuthority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(397);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 127;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(Path directory, X509Certificate certificate, PrivateKey key) {
        this.directory = directory;
        this.certificate = certificate;
        this.key = key;
    }

    static boolean existsIn(Path directory) {
        return Files.exists(directory.resolve("ca.key"));
    }

    /// Makes a new authority.
    static CertificateAuthority create(Path directory) throws IOException {
        Files.createDirectories(directory);
        try {
            var pair = newPair();
            var name = new X500Name("CN=Sallyport authority " + Long.toHexString(RANDOM.nextLong()));
            var builder = builder(name, name, pair, AUTHORITY_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            var certificate = signed(builder, pair.getPrivate());
            write(directory, "ca", certificate, pair.getPrivate());
            return new CertificateAuthority(directory, certificate, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make an authority: " + e.getMessage(), e);
        }
    }

    /// Opens the authority that is in a directory.
    static CertificateAuthority open(Path directory) throws IOException {
        try (var in = Files.newInputStream(directory.resolve("ca.crt"))) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new CertificateAuthority(directory, certificate, readKey(directory.resolve("ca.key")));
        } catch (GeneralSecurityException e) {
            throw new IOException("authority in " + directory + ": " + e.getMessage(), e);
        }
    }

    /// Makes a key and a certificate for a program.
    ///
    /// @param hosts names and addresses under which others reach it
    void issue(String name, Role role, List<String> hosts) throws IOException {
        try {
            var pair = newPair();
            var issuer = new X500Name(certificate.getSubjectX500Principal().getName());
            var builder = builder(issuer, new X500Name("CN=" + name), pair, LEAF_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
                    .addExtension(Extension.subjectAlternativeName, false, names(role, hosts));
            write(directory, name, signed(builder, key), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot issue a certificate: " + e.getMessage(), e);
        }
    }

    private static GeneralNames names(Role role, List<String> hosts) {
        var names = new ArrayList<GeneralName>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, role.uri()));
        for (var host : hosts) {
            names.add(new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress().length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static KeyPair newPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair, Duration life) {
        var now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(life)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    }

    private static void write(Path directory, String name, X509Certificate certificate, PrivateKey key)
            throws IOException {
        Files.write(directory.resolve(name + ".crt"), pem(certificate));
        AtomicFile.write(directory.resolve(name + ".key"), pem(new JcaPKCS8Generator(key, null)), AtomicFile.PRIVATE);
    }

    private static byte[] pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
        try (var reader = new PemReader(Files.newBufferedReader(file))) {
            var der = reader.readPemObject().getContent();
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        }
    }
}
