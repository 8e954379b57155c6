package io.sallyport.egress.intercept;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
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
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemReader;

/// The authority that sandboxes trust for intercepted hosts; one per installation, in a directory: `ca.crt`, `ca.key`.
///
/// It has nothing to do with the authority of the installation's own programs, and its key nothing with theirs. A
/// P-256 key, which never leaves its file (mode 0600) and this object.
///
/// - **Threads**: any.
public final class InterceptionAuthority {
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int SERIAL_BITS = 127;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final String CERTIFICATE_FILE = "ca.crt";
    private static final String KEY_FILE = "ca.key";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    private InterceptionAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /// Opens the authority in a directory, and makes it where there is none. Made, it is whole or not there.
    ///
    /// @throws IOException also where others than the owner may read the key
    public static InterceptionAuthority open(Path directory) throws IOException {
        var keyFile = directory.resolve(KEY_FILE);
        try {
            if (!Files.exists(keyFile)) {
                create(directory);
            }
            var others = EnumSet.copyOf(Files.getPosixFilePermissions(keyFile));
            others.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            if (!others.isEmpty()) {
                throw new IOException(keyFile + ": may be used by others (expected: mode 0600)");
            }
            try (var in = Files.newInputStream(directory.resolve(CERTIFICATE_FILE))) {
                var certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
                return new InterceptionAuthority(certificate, readKey(keyFile));
            }
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("interception authority in " + directory + ": " + e.getMessage(), e);
        }
    }

    /// The key's file comes last: with it the authority is there.
    private static void create(Path directory) throws IOException, GeneralSecurityException, OperatorCreationException {
        Files.createDirectories(directory);
        var pair = newPair();
        var name = new X500Name("O=Sallyport,CN=Sallyport egress " + Long.toHexString(RANDOM.nextLong()));
        var builder = builder(name, name, pair.getPublic(), LIFE)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        write(directory.resolve(CERTIFICATE_FILE), pem(signed(builder, pair.getPrivate())), "rw-r--r--");
        write(directory.resolve(KEY_FILE), pem(new JcaPKCS8Generator(pair.getPrivate(), null)), "rw-------");
    }

    /// The certificate alone, as PEM.
    public byte[] certificatePem() {
        try {
            return pem(certificate);
        } catch (IOException e) {
            throw new IllegalStateException("a certificate that was read is written", e);
        }
    }

    X509Certificate certificate() {
        return certificate;
    }

    /// A certificate for a server.
    ///
    /// @param name the one name or address it is for
    X509Certificate issue(GeneralName name, PublicKey publicKey, Duration life) {
        try {
            var extensions = new JcaX509ExtensionUtils();
            var issuer =
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
            var builder = builder(issuer, new X500Name("O=Sallyport interception"), publicKey, life)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name))
                    .addExtension(
                            Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return signed(builder, key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot issue a certificate: " + e.getMessage(), e);
        }
    }

    static KeyPair newPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Duration life) {
        var now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(life)),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    }

    private static void write(Path file, byte[] content, String mode) throws IOException {
        var partial = Path.of(file + ".partial");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.write(partial, content);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
            var object = reader.readPemObject();
            if (object == null) {
                throw new IOException(file + ": no private key (expected: PEM)");
            }
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(object.getContent()));
        }
    }
}
