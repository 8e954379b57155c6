package io.sallyport.relay.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.relay.boot.TestAuthority;
import java.io.ByteArrayInputStream;
import java.security.KeyStore;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

final class TrustStoreTest {
    @Test
    void javaReadsItWithoutAPassword() throws Exception {
        var certificate = TestAuthority.certificate().getEncoded();
        var store = load(TrustStore.of(List.of(certificate, certificate)));
        assertEquals(2, store.size());
        for (var alias : Collections.list(store.aliases())) {
            assertArrayEquals(certificate, store.getCertificate(alias).getEncoded());
        }
    }

    @Test
    void javaTrustsWhatIsInIt() throws Exception {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(load(TrustStore.of(List.of(TestAuthority.certificate().getEncoded()))));
        var manager = (X509TrustManager) factory.getTrustManagers()[0];
        assertEquals(TestAuthority.certificate(), manager.getAcceptedIssuers()[0]);
    }

    @Test
    void holdsNoneAndHundreds() throws Exception {
        assertEquals(0, load(TrustStore.of(List.of())).size());
        var many = Collections.nCopies(500, TestAuthority.certificate().getEncoded());
        assertEquals(500, load(TrustStore.of(many)).size());
    }

    private static KeyStore load(byte[] file) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(file), null);
        return store;
    }
}
