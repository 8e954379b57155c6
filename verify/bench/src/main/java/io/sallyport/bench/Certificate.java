package io.sallyport.bench;

import java.io.IOException;
import java.nio.file.Path;

/// A P-256 key and a certificate signed with it, which may sign others.
public final class Certificate {
    private Certificate() {}

    /// Writes `cert.pem` and `key.pem`.
    public static void create(Path directory, String name) throws IOException {
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
                "/CN=" + name,
                "-addext",
                "subjectAltName=DNS:" + name,
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                directory.resolve("cert.pem").toString());
    }
}
