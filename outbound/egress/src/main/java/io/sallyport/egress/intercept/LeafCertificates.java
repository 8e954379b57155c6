package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.sallyport.wire.address.Host;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;

/// Certificates for intercepted hosts, each made when it is first needed.
///
/// All have one key, made when the process starts and never stored: whoever could read one key of this process could
/// read all of them, and a key for each host would double what a new host costs.
///
/// - **Threads**: any; callers that want the same new host wait for one certificate.
/// - **Limits**: [#KEPT_MAX] certificates; one is good for [#LIFE], and replaced after half of it.
public final class LeafCertificates {
    public static final int KEPT_MAX = 1024;
    public static final Duration LIFE = Duration.ofHours(46); // 47 with the hour before, see the authority

    private final InterceptionAuthority authority;
    private final KeyPair keys;
    private final LoadingCache<Host, X509Certificate[]> kept;

    public LeafCertificates(InterceptionAuthority authority) {
        this(authority, Ticker.systemTicker());
    }

    LeafCertificates(InterceptionAuthority authority, Ticker ticker) {
        this.authority = authority;
        try {
            this.keys = InterceptionAuthority.newPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
        this.kept = Caffeine.newBuilder()
                .maximumSize(KEPT_MAX)
                .expireAfterWrite(LIFE.dividedBy(2))
                .ticker(ticker)
                .build(this::mint);
    }

    /// The host's certificate and the authority's. The array is shared, and must not be changed.
    X509Certificate[] chain(Host host) {
        return kept.get(host);
    }

    PrivateKey key() {
        return keys.getPrivate();
    }

    /// How many are kept, about.
    long size() {
        kept.cleanUp();
        return kept.estimatedSize();
    }

    private X509Certificate[] mint(Host host) {
        var name = switch (host) {
            case HostName dns -> new GeneralName(GeneralName.dNSName, dns.text());
            case IpAddress address -> new GeneralName(GeneralName.iPAddress, new DEROctetString(address.bytes()));
        };
        return new X509Certificate[] {authority.issue(name, keys.getPublic(), LIFE), authority.certificate()};
    }
}
