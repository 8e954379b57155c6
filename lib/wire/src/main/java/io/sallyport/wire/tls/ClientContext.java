package io.sallyport.wire.tls;

import java.security.GeneralSecurityException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/// Engines for connections that we open, whose sessions can be taken up again.
///
/// A session of the JDK refers to the one that was made of its ticket, and that to the next. So a connection that
/// stays open would keep every session after its own. Therefore the [SSLContext] is replaced by a new one after
/// [#CONNECTIONS_MAX] connections, which costs one whole handshake with each host.
///
/// - **Threads**: any.
/// - **Limits**: [#SESSIONS_MAX]. The JDK's own limit of 20,480 costs up to 50 MiB.
public final class ClientContext {
    public static final int CONNECTIONS_MAX = 256;

    private static final int SESSIONS_MAX = 256;

    private final KeyManager[] keys;
    private final TrustManager[] trust;
    private final ReentrantLock lock = new ReentrantLock();

    // With the lock:
    private SSLContext context;
    private int connections;

    public ClientContext(KeyManager[] keys, TrustManager[] trust) {
        this.keys = keys.clone();
        this.trust = trust.clone();
        this.context = create();
    }

    /// An engine in client mode for one connection to `host`.
    public SSLEngine engine(String host, int port) {
        var engine = current().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private SSLContext current() {
        lock.lock();
        try {
            if (connections == CONNECTIONS_MAX) {
                context = create();
                connections = 0;
            }
            connections++;
            return context;
        } finally {
            lock.unlock();
        }
    }

    private SSLContext create() {
        try {
            var created = SSLContext.getInstance("TLS");
            created.init(keys, trust, null);
            created.getClientSessionContext().setSessionCacheSize(SESSIONS_MAX);
            return created;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
