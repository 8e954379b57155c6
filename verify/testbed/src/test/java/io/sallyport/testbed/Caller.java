package io.sallyport.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
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
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Whoever calls a program of an installation, with the TLS of Java and none of our code.
record Caller(SSLContext context, String protocol) {
    private static final String TLS = "TLSv1.3";
    private static final int WAIT_MS = 10_000;

    /// With the certificate of a role.
    static Caller of(Path tls, String role) {
        return of(tls, role, TLS);
    }

    static Caller of(Path tls, String role, String protocol) {
        return make(tls, tls, role, protocol);
    }

    /// With the certificate of a role in another installation.
    static Caller foreign(Path tls, Path other, String role) {
        return make(tls, other, role, TLS);
    }

    /// Without a certificate.
    static Caller nobody(Path tls) {
        return make(tls, tls, "", TLS);
    }

    private static Caller make(Path tls, Path own, String role, String protocol) {
        try {
            var trusted = store();
            trusted.setCertificateEntry("authority", certificate(tls.resolve("ca.crt")));
            var keys = store();
            if (!role.isEmpty()) {
                keys.setKeyEntry("self", key(own.resolve(role + ".key")), new char[0], new Certificate[] {
                    certificate(own.resolve(role + ".crt"))
                });
            }
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, new char[0]);
            var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return new Caller(context, protocol);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("certificate of " + role, e);
        }
    }

    /// What is answered to a request: its first line and what follows; empty where nothing is.
    String ask(int port, String request) {
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout(WAIT_MS);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return Http.readLine(socket.getInputStream());
        } catch (ConnectException e) {
            throw new AssertionError("nobody listens on " + port, e);
        } catch (SSLException | SocketException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyStore store() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        return store;
    }

    private static Certificate certificate(Path pem) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path pem) throws IOException, GeneralSecurityException {
        var base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
        var der = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
