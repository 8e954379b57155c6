package io.sallyport.app;

import io.sallyport.egress.EgressConfig;
import io.sallyport.kit.config.Config;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.wire.address.IpBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// The settings of the way out.
final class EgressSettings {
    private EgressSettings() {}

    /// Reads the settings.
    ///
    /// @param home under which the egress gateway keeps its authority and its log
    static PlatformConfig.Egress read(Config config, Path home) {
        var otherwise = config.get("egress.default", "open or none", EgressSettings::policy)
                .orElse(EgressPolicy.OPEN);
        var blocks = config.list("egress.private-allowed", "blocks such as 10.1.0.0/16, between commas", IpBlock::parse)
                .orElse(List.of());
        var roots = config.get("egress.extra-roots", "a PEM file of certificates", EgressSettings::certificates)
                .orElse(List.of());
        return new PlatformConfig.Egress(
                otherwise, EgressConfig.in(home).withPrivateAllowed(blocks).withExtraRoots(roots));
    }

    private static Optional<EgressPolicy> policy(String word) {
        return switch (word) {
            case "open" -> Optional.of(EgressPolicy.OPEN);
            case "none" -> Optional.of(EgressPolicy.NONE);
            default -> Optional.empty();
        };
    }

    private static Optional<List<X509Certificate>> certificates(String file) {
        try (var pem = Files.newInputStream(Path.of(file))) {
            var all = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            return all.isEmpty() ? Optional.empty() : Optional.of(all);
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }
}
