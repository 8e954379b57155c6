package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.Host;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tls.TlsConnection;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The server's side of TLS with a sandbox, in the name of the host that its CONNECT was for. What the client's SNI
/// says has been checked before, and decides nothing here.
///
/// Every sandbox has a context of its own, and with it keys for tickets of its own: a session can be taken up again
/// within a sandbox, never in another. There is no early data.
///
/// - **Threads**: any.
/// - **Limits**: [#SANDBOXES_MAX] contexts, each kept for [#CONTEXT_IDLE] after its last use.
///
/// @spec https://www.rfc-editor.org/info/rfc8446 RFC 8446 §4.6.1
public final class LeafTls {
    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    static final int SANDBOXES_MAX = 1024;
    static final Duration CONTEXT_IDLE = Duration.ofMinutes(30);
    private static final String[] PROTOCOLS = {"http/1.1"};
    private static final String KEY_TYPE = "EC";

    private final LeafCertificates leaves;
    private final LoadingCache<SandboxId, SSLContext> contexts = Caffeine.newBuilder()
            .maximumSize(SANDBOXES_MAX)
            .expireAfterAccess(CONTEXT_IDLE)
            .build(sandbox -> context());

    public LeafTls(LeafCertificates leaves) {
        this.leaves = leaves;
    }

    /// Answers a client whose hello is the next to be read. The connection is closed when that fails.
    public TlsConnection accept(Connection client, SandboxId sandbox, Destination destination, Deadline deadline)
            throws IOException {
        var engine = contexts.get(sandbox).createSSLEngine(destination.host().text(), destination.port());
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(VERSIONS);
        var parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(PROTOCOLS);
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return TlsConnection.handshaken(client, engine, deadline);
    }

    private SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new ByHost(leaves)}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /// Gives each engine the certificate of the host it was made for; the alias is that host.
    private static final class ByHost extends X509ExtendedKeyManager {
        private final LeafCertificates leaves;

        ByHost(LeafCertificates leaves) {
            this.leaves = leaves;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return keyType.equals(KEY_TYPE) ? engine.getPeerHost() : null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return Host.parse(alias).map(leaves::chain).orElse(null);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return leaves.key();
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
