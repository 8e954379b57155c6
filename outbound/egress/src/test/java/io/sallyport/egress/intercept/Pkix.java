package io.sallyport.egress.intercept;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// What the JDK makes of a chain.
final class Pkix {
    private Pkix() {}

    /// Why it is refused; empty where it is accepted.
    static String refusal(X509Certificate root, X509Certificate... chain) {
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain));
            var _ = CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return "";
        } catch (CertPathValidatorException e) {
            return String.valueOf(e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
