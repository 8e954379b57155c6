package io.sallyport.egress.intercept;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority as one finds it outside, and the servers that it certifies, rightly or not.
final class TestPki {
    private static final char[] NO_PASSWORD = {};
    private static final Duration DAY = Duration.ofDays(1);

    private final KeyPair keys;
    private final X509Certificate root;

    TestPki() {
        keys = ec();
        root = certificate(
                "CN=Root",
                keys,
                "CN=Root",
                keys,
                Instant.now().minus(DAY),
                Instant.now().plus(DAY),
                null,
                true,
                "SHA256withECDSA");
    }

    X509Certificate root() {
        return root;
    }

    /// A server for `name` as it should be.
    SSLContext server(String name) {
        return server(name, Instant.now().minus(DAY), Instant.now().plus(DAY), ec(), "SHA256withECDSA");
    }

    SSLContext server(String name, Instant from, Instant to, KeyPair serverKeys, String signature) {
        var leaf = certificate("CN=Root", keys, "CN=leaf", serverKeys, from, to, name, false, signature);
        return context(serverKeys, leaf, root);
    }

    /// One whose certificate was issued by an authority in between that it does not show.
    SSLContext serverWithoutIntermediate(String name) {
        var middleKeys = ec();
        var serverKeys = ec();
        var from = Instant.now().minus(DAY);
        var to = Instant.now().plus(DAY);
        return context(
                serverKeys,
                certificate("CN=Middle", middleKeys, "CN=leaf", serverKeys, from, to, name, false, "SHA256withECDSA"));
    }

    static KeyPair ec() {
        return pair("EC", 256);
    }

    static KeyPair pair(String algorithm, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate certificate(
            String issuer,
            KeyPair issuerKeys,
            String subject,
            KeyPair subjectKeys,
            Instant from,
            Instant to,
            @org.jspecify.annotations.Nullable String name,
            boolean authority,
            String signature) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            new X500Name(issuer),
                            BigInteger.valueOf(System.nanoTime()),
                            Date.from(from),
                            Date.from(to),
                            new X500Name(subject),
                            subjectKeys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (name != null) {
                int kind = Character.isDigit(name.charAt(0)) ? GeneralName.iPAddress : GeneralName.dNSName;
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, name)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(signature).build(issuerKeys.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLContext context(KeyPair keys, X509Certificate... chain) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("self", keys.getPrivate(), NO_PASSWORD, chain);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A client that trusts one authority and nobody else.
    static SSLContext trusting(X509Certificate authority) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setCertificateEntry("authority", authority);
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
