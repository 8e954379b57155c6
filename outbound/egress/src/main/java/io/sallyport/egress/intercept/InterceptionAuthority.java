package io.sallyport.egress.intercept;

import io.sallyport.egress.intercept.Certificates.Validity;
import io.sallyport.kit.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.EnumSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.io.pem.PemReader;

/// The authority that sandboxes trust for intercepted hosts; one per installation, in a directory: `ca.crt`, `ca.key`.
///
/// What a server shows is signed by an [Intermediate], never by it directly:
///
/// ```
///   authority ─▶ intermediate, of one sandbox and the hosts of its policy ─▶ certificate, of one host
/// ```
///
/// It has nothing to do with the authority of the installation's own programs, and its key nothing with theirs. A
/// P-256 key, which never leaves its file (mode 0600) and this object.
///
/// - **Threads**: any.
public final class InterceptionAuthority {
    private static final Logger LOG = System.getLogger(InterceptionAuthority.class.getName());
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final int INTERMEDIATES = 1; // between it and a server
    private static final int NO_INTERMEDIATES = 0; // as it was in the beginning
    private static final String CERTIFICATE_FILE = "ca.crt";
    private static final String KEY_FILE = "ca.key";

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
            var key = readKey(keyFile);
            var certificateFile = directory.resolve(CERTIFICATE_FILE);
            var certificate = readCertificate(certificateFile);
            if (certificate.getBasicConstraints() == NO_INTERMEDIATES) {
                certificate = renewed(certificate, key, certificateFile);
            }
            return new InterceptionAuthority(certificate, key);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("interception authority in " + directory + ": " + e.getMessage(), e);
        }
    }

    /// The key's file comes last: with it the authority is there.
    private static void create(Path directory) throws IOException, GeneralSecurityException, OperatorCreationException {
        Files.createDirectories(directory);
        var pair = Certificates.newPair();
        var certificate = selfSigned(newName(), pair.getPublic(), pair.getPrivate());
        AtomicFile.write(directory.resolve(CERTIFICATE_FILE), pem(certificate), AtomicFile.PUBLIC);
        AtomicFile.write(
                directory.resolve(KEY_FILE), pem(new JcaPKCS8Generator(pair.getPrivate(), null)), AtomicFile.PRIVATE);
    }

    private static X500Name newName() {
        return Certificates.newAuthorityName("Sallyport egress");
    }

    private static X509Certificate selfSigned(X500Name name, PublicKey publicKey, PrivateKey key)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var builder = Certificates.builder(name, publicKey, name, publicKey, Validity.ofNext(LIFE));
        Certificates.addAuthority(builder, INTERMEDIATES, KeyUsage.keyCertSign | KeyUsage.cRLSign);
        return Certificates.signed(builder, key);
    }

    /// An authority that was made when servers were signed by it directly may have no other below it. Its key gets a
    /// certificate that allows it, under another name: clients that have both must not take the one for the other.
    /// Sandboxes that have only the old one need the new; see ADR 17.
    private static X509Certificate renewed(X509Certificate old, PrivateKey key, Path file)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var certificate = selfSigned(newName(), old.getPublicKey(), key);
        certificate.verify(old.getPublicKey());
        AtomicFile.write(file, pem(certificate), AtomicFile.PUBLIC);
        LOG.log(Level.INFO, "{0}: signed anew, so that it may have authorities below it", file);
        return certificate;
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

    /// A new authority for one sandbox.
    Intermediate intermediate(PermittedHosts hosts) {
        return Intermediate.below(certificate, key, hosts);
    }

    private static byte[] pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static X509Certificate readCertificate(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
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
