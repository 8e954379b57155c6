package io.sallyport.egress.intercept;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// How certificates are made here. Pure but for its random numbers.
final class Certificates {
    private static final int SERIAL_BITS = 127;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Certificates() {}

    /// When a certificate is good.
    record Validity(Instant from, Instant to) {
        private static final Duration CLOCK_SKEW = Duration.ofHours(1);

        /// From now on, and before, for clocks that are late.
        static Validity ofNext(Duration life) {
            var now = Instant.now();
            return new Validity(now.minus(CLOCK_SKEW), now.plus(life));
        }

        /// That of a certificate, which no other below it should outlive.
        static Validity of(X509Certificate certificate) {
            return new Validity(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }
    }

    static KeyPair newPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    /// A name that no other has: clients find an issuer by its name.
    static X500Name newAuthorityName(String what) {
        return new X500Name("O=Sallyport,CN=" + what + " " + Long.toHexString(RANDOM.nextLong()));
    }

    static X500Name subject(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    /// A certificate with a serial number and key identifiers, to be completed and [#signed].
    ///
    /// @param issuerKey the public one of whoever will sign
    static X509v3CertificateBuilder builder(
            X500Name issuer, PublicKey issuerKey, X500Name subject, PublicKey key, Validity validity)
            throws GeneralSecurityException, CertIOException {
        var extensions = new JcaX509ExtensionUtils();
        var builder = new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                        Date.from(validity.from()),
                        Date.from(validity.to()),
                        subject,
                        key)
                .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
        return issuerKey.equals(key)
                ? builder
                : builder.addExtension(
                        Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuerKey));
    }

    /// Makes it an authority's.
    ///
    /// @param below how many authorities may be between it and a server
    static void addAuthority(X509v3CertificateBuilder builder, int below, int usage) throws CertIOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below))
                .addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    }

    static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    }
}
