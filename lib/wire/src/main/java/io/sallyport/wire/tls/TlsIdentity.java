package io.sallyport.wire.tls;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/// A program's certificate and key, and the one authority it believes: that of its installation.
///
/// TLS 1.3 only, both sides show a certificate, and the host name of the one that was dialled is checked.
///
/// - **Threads**: any.
public final class TlsIdentity {
    private static final String PROTOCOL = "TLSv1.3";
    private static final String[] CIPHERS = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"}; // the cheaper first
    private static final String HOSTNAME_CHECK = "HTTPS";
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final char[] NO_PASSWORD = {};
    private static final int SERVER_SESSIONS_MAX = 256; // programs of one installation are few

    private final SSLContext server;
    private final ClientContext client;

    private TlsIdentity(SSLContext server, ClientContext client) {
        this.server = server;
        this.client = client;
    }

    /// Reads PEM files.
    ///
    /// @param key PKCS #8, not encrypted, of an elliptic curve
    public static TlsIdentity load(Path certificate, Path key, Path authority) throws IOException {
        try {
            var keys = emptyStore();
            var chain = certificates(certificate).toArray(Certificate[]::new);
            keys.setKeyEntry("self", privateKey(key), NO_PASSWORD, chain);
            var trusted = emptyStore();
            for (var one : certificates(authority)) {
                trusted.setCertificateEntry("authority", one);
            }
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            var server = SSLContext.getInstance(PROTOCOL);
            server.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            server.getServerSessionContext().setSessionCacheSize(SERVER_SESSIONS_MAX);
            return new TlsIdentity(
                    server, new ClientContext(keyManagers.getKeyManagers(), trustManagers.getTrustManagers()));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "certificate " + certificate + ", key " + key + ", authority " + authority + ": " + e.getMessage(),
                    e);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        var found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (found.isEmpty()) {
            throw new IOException(file + ": no certificate (expected: PEM)");
        }
        return found;
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        var text = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + ": no private key (expected: PEM, " + KEY_BEGIN + ")");
        }
        var der = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /// Speaks as the client on a connection to `host`, which is closed when that fails.
    ///
    /// @param expected the role that the other side must have
    public TlsConnection connect(Connection raw, String host, int port, Role expected, Deadline deadline)
            throws IOException {
        var engine = client.engine(host, port);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(HOSTNAME_CHECK);
        engine.setSSLParameters(parameters);
        var connection = handshaken(raw, engine, deadline);
        if (connection.peerRole().filter(expected::equals).isEmpty()) {
            raw.close();
            throw new IOException(host + ":" + port + " is no " + expected.uri());
        }
        return connection;
    }

    /// Speaks as the server on a connection, which is closed when that fails.
    public TlsConnection accept(Connection raw, Deadline deadline) throws IOException {
        var engine = server.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return handshaken(raw, engine, deadline);
    }

    private static TlsConnection handshaken(Connection raw, SSLEngine engine, Deadline deadline) throws IOException {
        engine.setEnabledProtocols(new String[] {PROTOCOL});
        engine.setEnabledCipherSuites(CIPHERS);
        return TlsConnection.handshaken(raw, engine, deadline);
    }
}
