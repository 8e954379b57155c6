package io.sallyport.egress.intercept;

import io.sallyport.egress.intercept.Certificates.Validity;
import io.sallyport.wire.address.Host;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.operator.OperatorCreationException;

/// The authority of one sandbox, below the installation's: its certificate says which hosts it may sign for, and
/// clients refuse what it signs for any other. Its key, and the one that all its servers have, are in memory only.
///
/// - **Threads**: any.
/// - **Limits**: it is good for [#LIFE], and so is what it signs, however late.
final class Intermediate {
    static final Duration LIFE = Duration.ofHours(46); // 47 with the hour before, see Validity
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final ExtendedKeyUsage SERVERS = new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);

    private final X509Certificate certificate;
    private final KeyPair keys;
    private final KeyPair serverKeys;

    private Intermediate(X509Certificate certificate, KeyPair keys, KeyPair serverKeys) {
        this.certificate = certificate;
        this.keys = keys;
        this.serverKeys = serverKeys;
    }

    /// A new one.
    ///
    /// @param root whose key signs it
    static Intermediate below(X509Certificate root, PrivateKey rootKey, PermittedHosts hosts) {
        try {
            var keys = Certificates.newPair();
            var builder = Certificates.builder(
                    Certificates.subject(root),
                    root.getPublicKey(),
                    Certificates.newAuthorityName("Sallyport sandbox"),
                    keys.getPublic(),
                    Validity.ofNext(LIFE));
            Certificates.addAuthority(builder, 0, KeyUsage.keyCertSign);
            builder.addExtension(Extension.extendedKeyUsage, false, SERVERS);
            var constraints = constraints(hosts);
            if (constraints.isPresent()) {
                builder.addExtension(Extension.nameConstraints, true, constraints.get());
            }
            return new Intermediate(Certificates.signed(builder, rootKey), keys, Certificates.newPair());
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot issue a certificate: " + e.getMessage(), e);
        }
    }

    private static Optional<NameConstraints> constraints(PermittedHosts hosts) {
        return switch (hosts) {
            case PermittedHosts.Any any -> Optional.empty();
            case PermittedHosts.Listed listed -> Optional.of(constraints(listed));
        };
    }

    /// What is listed of one kind says nothing about the other, and some clients take the two kinds of addresses for
    /// different ones: where none is permitted, all are excluded.
    private static NameConstraints constraints(PermittedHosts.Listed hosts) {
        var permitted = new ArrayList<GeneralSubtree>();
        for (var name : hosts.names()) {
            permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, name.text())));
        }
        var excluded = new ArrayList<GeneralSubtree>();
        for (int bytes : List.of(V4_BYTES, V6_BYTES)) {
            var those = hosts.addresses().stream()
                    .filter(address -> address.bytes().length == bytes)
                    .toList();
            those.forEach(address -> permitted.add(block(address.bytes(), (byte) 0xff)));
            if (those.isEmpty()) {
                excluded.add(block(new byte[bytes], (byte) 0));
            }
        }
        return new NameConstraints(
                permitted.toArray(GeneralSubtree[]::new),
                excluded.isEmpty() ? null : excluded.toArray(GeneralSubtree[]::new));
    }

    /// Addresses, as the address and its mask one behind the other.
    private static GeneralSubtree block(byte[] address, byte mask) {
        var both = Arrays.copyOf(address, 2 * address.length);
        Arrays.fill(both, address.length, both.length, mask);
        return new GeneralSubtree(general(GeneralName.iPAddress, new DEROctetString(both)));
    }

    private static GeneralName general(int kind, ASN1Encodable name) {
        return new GeneralName(kind, name);
    }

    /// What a server for a host shows: a certificate of its own for that one name or address, and this authority's.
    ///
    /// @param host that should be among those permitted: clients refuse any other
    X509Certificate[] chain(Host host) {
        var name = switch (host) {
            case HostName dns -> new GeneralName(GeneralName.dNSName, dns.text());
            case IpAddress address -> general(GeneralName.iPAddress, new DEROctetString(address.bytes()));
        };
        try {
            var builder = Certificates.builder(
                            Certificates.subject(certificate),
                            keys.getPublic(),
                            new X500Name("O=Sallyport interception"),
                            serverKeys.getPublic(),
                            Validity.of(certificate))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, SERVERS)
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
            return new X509Certificate[] {Certificates.signed(builder, keys.getPrivate()), certificate};
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot issue a certificate: " + e.getMessage(), e);
        }
    }

    X509Certificate certificate() {
        return certificate;
    }

    /// The key of every server that it signs for.
    PrivateKey serverKey() {
        return serverKeys.getPrivate();
    }
}
