package io.sallyport.app;

import io.sallyport.kit.config.Config;
import io.sallyport.kit.config.ConfigException;
import io.sallyport.wire.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The settings of a program's certificate.
final class TlsSettings {
    private TlsSettings() {}

    /// The identity; an error where a setting is missing.
    static TlsIdentity read(Config config) {
        var certificate = file(config, "tls.certificate");
        var key = file(config, "tls.key");
        var authority = file(config, "tls.authority");
        try {
            return TlsIdentity.load(certificate, key, authority);
        } catch (IOException e) {
            throw new ConfigException("tls: " + e.getMessage());
        }
    }

    private static Path file(Config config, String name) {
        return config.get(name, "a PEM file", text -> Optional.of(Path.of(text)))
                .orElseThrow(() -> new ConfigException(
                        name + " is not set (expected: a PEM file, as sallyport ca init makes them)"));
    }
}
