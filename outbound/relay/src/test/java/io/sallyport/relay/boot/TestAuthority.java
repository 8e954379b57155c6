package io.sallyport.relay.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// A certificate for tests; its key exists no more.
public final class TestAuthority {
    private TestAuthority() {}

    public static String pem() {
        try (var stream = TestAuthority.class.getResourceAsStream("/io/sallyport/relay/authority.pem")) {
            if (stream == null) {
                throw new IllegalStateException("resource missing: authority.pem");
            }
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static X509Certificate certificate() throws CertificateException, IOException {
        try (var stream = TestAuthority.class.getResourceAsStream("/io/sallyport/relay/authority.pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }
}
