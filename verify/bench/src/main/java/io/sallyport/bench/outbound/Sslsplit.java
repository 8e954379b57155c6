package io.sallyport.bench.outbound;

import io.sallyport.bench.Certificate;
import io.sallyport.bench.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Opens TLS and closes it again, without a look at what it carries: its HTTP mode would end every connection after
/// one request. Clients have to be led to it, and it leads them all to the origin.
final class Sslsplit implements Subject {
    private static final String PROGRAM = "/usr/bin/sslsplit";

    @Override
    public String name() {
        return "sslsplit";
    }

    @Override
    public String version() throws IOException {
        return "SSLsplit " + Tools.version(PROGRAM, "-V");
    }

    @Override
    public boolean takesPart(OutboundWorkload workload) {
        return workload.intercepts();
    }

    @Override
    public boolean speaksConnect() {
        return false;
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        Certificate.create(site.directory(), name());
        return List.of(List.of(
                "env",
                "SSL_CERT_FILE=" + site.origin().authority(),
                PROGRAM,
                "-o",
                "VerifyPeer=yes",
                "-u",
                System.getProperty("user.name"),
                "-k",
                site.file("key.pem").toString(),
                "-c",
                site.file("cert.pem").toString(),
                "ssl",
                "127.0.0.1",
                Integer.toString(site.port()),
                "127.0.0.1",
                Integer.toString(site.origin().port())));
    }

    @Override
    public Path authority(Site site) {
        return site.file("cert.pem");
    }
}
