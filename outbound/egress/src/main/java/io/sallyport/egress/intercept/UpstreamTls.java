package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.tls.ClientContext;
import io.sallyport.wire.tls.TlsConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// The client's side of TLS with a host: chain and name are checked as any browser would, for nobody behind the
/// interception can.
///
/// - **Threads**: any.
/// - **Limits**: sessions are taken up again within a sandbox only, see [ClientContext]; contexts for
///   [#SANDBOXES_MAX] sandboxes, each for [#CONTEXT_IDLE] after its last use.
public final class UpstreamTls {
    static final int SANDBOXES_MAX = 1024;
    static final Duration CONTEXT_IDLE = Duration.ofMinutes(30);
    private static final StrongAlgorithms STRONG = new StrongAlgorithms();
    private static final String UNTRUSTED = "the certificate is of no authority that is trusted";
    private static final String NAME_CHECK = "HTTPS";
    private static final String[] PROTOCOLS = {"http/1.1"};

    private final LoadingCache<SandboxId, ClientContext> contexts;

    /// One that believes the authorities of the JDK and others.
    ///
    /// @param extraRoots of private authorities
    public UpstreamTls(List<X509Certificate> extraRoots) {
        KeyManager[] keys = {new NoClientCertificate()};
        var trust = trust(extraRoots);
        this.contexts = Caffeine.newBuilder()
                .maximumSize(SANDBOXES_MAX)
                .expireAfterAccess(CONTEXT_IDLE)
                .build(sandbox -> new ClientContext(keys, trust));
    }

    private static TrustManager[] trust(List<X509Certificate> extraRoots) {
        try {
            return managers(extraRoots);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot read the JDK's authorities: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] managers(List<X509Certificate> extraRoots)
            throws GeneralSecurityException, IOException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        if (extraRoots.isEmpty()) {
            return factory.getTrustManagers();
        }
        var roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        int count = 0;
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager jdk) {
                for (var root : jdk.getAcceptedIssuers()) {
                    roots.setCertificateEntry("jdk-" + count++, root);
                }
            }
        }
        for (var root : extraRoots) {
            roots.setCertificateEntry("extra-" + count++, root);
        }
        factory.init(roots);
        return factory.getTrustManagers();
    }

    /// Speaks TLS with a host on a connection, which is closed when that fails; its deadline is lifted otherwise.
    ///
    /// @throws RefusedException with [EgressReason#UPSTREAM_TLS] and in a few words why, or
    /// [EgressReason#CONNECT_TIMEOUT]
    public TlsConnection connect(Connection raw, SandboxId sandbox, Destination destination, Deadline deadline)
            throws IOException {
        var host = destination.host();
        var engine = contexts.get(sandbox).engine(host.text(), destination.port());
        engine.setEnabledProtocols(LeafTls.VERSIONS);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(NAME_CHECK);
        parameters.setApplicationProtocols(PROTOCOLS);
        if (host instanceof HostName name) {
            parameters.setServerNames(List.of(new SNIHostName(name.text().getBytes(StandardCharsets.US_ASCII))));
        }
        parameters.setAlgorithmConstraints(STRONG);
        engine.setSSLParameters(parameters);
        var asked = new AtomicBoolean();
        try {
            return ScopedValue.where(NoClientCertificate.ASKED, asked)
                    .call(() -> TlsConnection.handshaken(raw, engine, deadline));
        } catch (DeadlinePassedException e) {
            throw new RefusedException(EgressReason.CONNECT_TIMEOUT, "no end of the TLS handshake");
        } catch (IOException e) {
            var refused = new RefusedException(EgressReason.UPSTREAM_TLS, explain(e, asked.get()));
            refused.initCause(e);
            throw refused;
        }
    }

    /// A few words of our own; nothing that the host has written.
    private static String explain(IOException failure, boolean certificateAsked) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var words = explain(cause);
            if (!words.isEmpty()) {
                return words;
            }
        }
        if (certificateAsked) {
            return "the host asked for a client certificate, and none is configured";
        }
        return failure instanceof SSLException ? "the TLS handshake failed" : "the host broke off the TLS handshake";
    }

    private static String explain(Throwable cause) {
        return switch (cause) {
            case CertificateExpiredException e -> "the certificate has expired";
            case CertificateNotYetValidException e -> "the certificate is not valid yet";
            case CertPathBuilderException e when e.getCause() == null -> UNTRUSTED;
            case SignatureException e -> UNTRUSTED;
            case CertPathValidatorException e
            when e.getReason() == CertPathValidatorException.BasicReason.ALGORITHM_CONSTRAINED ->
                "the certificate uses a key or signature that is too weak";
            case CertificateException e when e.getCause() == null -> "the certificate is not for this host";
            default -> "";
        };
    }
}
