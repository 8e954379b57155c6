package io.sallyport.wire.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a program may do, as its certificate says in a subject alternative name of the form
/// `sallyport:gateway`.
///
/// @spec https://www.rfc-editor.org/info/rfc5280 RFC 5280 §4.2.1.6
public enum Role {
    /// Decides; calls agents.
    CONTROL,
    /// Opens tunnels into sandboxes; asks the control plane.
    GATEWAY,
    /// Runs sandboxes.
    AGENT;

    private static final String SCHEME = "sallyport:";
    private static final int URI = 6;

    /// The name that stands in a certificate.
    public String uri() {
        return SCHEME + name().toLowerCase(Locale.ROOT);
    }

    /// The role a certificate gives; empty when it gives none.
    static Optional<Role> of(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            for (List<?> name : names) {
                for (var role : values()) {
                    if (name.getFirst().equals(URI) && role.uri().equals(name.get(1))) {
                        return Optional.of(role);
                    }
                }
            }
            return Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
