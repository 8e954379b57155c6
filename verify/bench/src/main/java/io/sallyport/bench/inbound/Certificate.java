package io.sallyport.bench.inbound;

import java.io.IOException;
import java.nio.file.Path;

/// A key and a certificate for `agent` that both sides of a link show and trust.
final class Certificate {
    private Certificate() {}

    /// Writes `cert.pem` and `key.pem`.
    static void create(Path directory) throws IOException {
        Tools.output(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=agent",
                "-addext",
                "subjectAltName=DNS:agent",
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                directory.resolve("cert.pem").toString());
    }
}
