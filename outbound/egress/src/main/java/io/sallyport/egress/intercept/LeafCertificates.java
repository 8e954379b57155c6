package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.sallyport.wire.address.Host;
import java.security.cert.X509Certificate;

/// Certificates for intercepted hosts, each made when it is first needed.
///
/// - **Threads**: any; callers that want the same new host wait for one certificate.
/// - **Limits**: [#KEPT_MAX] certificates of all sandboxes. One is as good as its intermediate for as long as that is
///   used, and then no longer asked for.
final class LeafCertificates {
    static final int KEPT_MAX = 1024;

    private final LoadingCache<Leaf, X509Certificate[]> kept = Caffeine.newBuilder()
            .maximumSize(KEPT_MAX)
            .expireAfterAccess(LeafTls.INTERMEDIATE_USED)
            .build(leaf -> leaf.by().chain(leaf.host()));

    /// @param by compared by identity
    private record Leaf(Intermediate by, Host host) {}

    /// The host's certificate and the intermediate's. The array is shared, and must not be changed.
    X509Certificate[] chain(Intermediate by, Host host) {
        return kept.get(new Leaf(by, host));
    }

    /// How many are kept, about.
    long size() {
        kept.cleanUp();
        return kept.estimatedSize();
    }
}
