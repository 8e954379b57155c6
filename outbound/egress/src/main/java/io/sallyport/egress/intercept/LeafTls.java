package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
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
/// It has an [Intermediate] of its own with it. When the hosts that may be looked into change, both are made anew;
/// connections that are open need neither.
///
/// - **Threads**: any; callers that want the same new one wait for it.
/// - **Limits**: [#CONTEXTS_MAX] contexts, each kept for [#CONTEXT_IDLE] after its last use, and replaced after half
///   the life of its intermediate; in each [#SESSIONS_MAX] of clients that keep no tickets.
///
/// @spec https://www.rfc-editor.org/info/rfc8446 RFC 8446 §4.6.1
public final class LeafTls {
    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    static final int CONTEXTS_MAX = 1024;
    static final Duration CONTEXT_IDLE = Duration.ofMinutes(30);
    static final Duration INTERMEDIATE_USED = Intermediate.LIFE.dividedBy(2);
    private static final int SESSIONS_MAX = 256;
    private static final String[] PROTOCOLS = {"http/1.1"};
    private static final String KEY_TYPE = "EC";

    private final InterceptionAuthority authority;
    private final LeafCertificates leaves = new LeafCertificates();
    private final LoadingCache<Whose, SSLContext> contexts;

    public LeafTls(InterceptionAuthority authority) {
        this(authority, Ticker.systemTicker());
    }

    LeafTls(InterceptionAuthority authority, Ticker ticker) {
        this.authority = authority;
        this.contexts = Caffeine.newBuilder()
                .maximumSize(CONTEXTS_MAX)
                .expireAfterAccess(CONTEXT_IDLE)
                .expireAfterWrite(INTERMEDIATE_USED)
                .ticker(ticker)
                .build(this::context);
    }

    private record Whose(SandboxId sandbox, PermittedHosts hosts) {}

    /// Answers a client whose hello is the next to be read. The connection is closed when that fails.
    ///
    /// @param permitted all that may be looked into for the sandbox; the destination's host is one of them
    public TlsConnection accept(
            Connection client, SandboxId sandbox, PermittedHosts permitted, Destination destination, Deadline deadline)
            throws IOException {
        var host = destination.host();
        var engine = contexts.get(new Whose(sandbox, permitted.around(host)))
                .createSSLEngine(host.text(), destination.port());
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(VERSIONS);
        var parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(PROTOCOLS);
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return TlsConnection.handshaken(client, engine, deadline);
    }

    private SSLContext context(Whose whose) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new ByHost(authority.intermediate(whose.hosts()), leaves)}, null, null);
            context.getServerSessionContext().setSessionCacheSize(SESSIONS_MAX);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /// Gives each engine the certificate of the host it was made for; the alias is that host.
    private static final class ByHost extends X509ExtendedKeyManager {
        private final Intermediate intermediate;
        private final LeafCertificates leaves;

        ByHost(Intermediate intermediate, LeafCertificates leaves) {
            this.intermediate = intermediate;
            this.leaves = leaves;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return keyType.equals(KEY_TYPE) ? engine.getPeerHost() : null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return Host.parse(alias)
                    .map(host -> leaves.chain(intermediate, host))
                    .orElse(null);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return intermediate.serverKey();
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
