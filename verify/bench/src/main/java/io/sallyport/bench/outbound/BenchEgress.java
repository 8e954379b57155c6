package io.sallyport.bench.outbound;

import io.sallyport.egress.EgressConfig;
import io.sallyport.egress.EgressGateway;
import io.sallyport.egress.session.Outlet;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.net.Listener;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// The gateway under measurement: `BenchEgress PORT HOME ORIGIN_CERTIFICATE INTERCEPTS`. Every name is 127.0.0.1,
/// and whoever connects is the sandbox.
public final class BenchEgress {
    /// Of its authority's certificate, under its home.
    static final String AUTHORITY_FILE = "egress-ca/ca.crt";

    /// A benchmark does everything faster than a sandbox may.
    private static final Outlet.Limits LIMITS = new Outlet.Limits(4_096, 4_096, 100_000, 100_000, 1_000_000, 256 << 20);

    private BenchEgress() {}

    public static void main(String[] args) throws Exception {
        var here = IpAddress.of(InetAddress.getLoopbackAddress());
        var config = EgressConfig.in(Path.of(args[1]))
                .withPrivateAllowed(List.of(IpBlock.of(here)))
                .withExtraRoots(List.of(certificate(Path.of(args[2]))))
                .withResolver((_, _, _) -> List.of(here))
                .withLimits(LIMITS);
        var gateway = EgressGateway.start(config, new BenchSandbox(Boolean.parseBoolean(args[3])));
        var door = Listener.bind(Loopback.v4(Integer.parseInt(args[0])));
        door.start(connection -> gateway.take(BenchSandbox.ID, connection));
        Thread.currentThread().join();
    }

    private static X509Certificate certificate(Path file) throws IOException, CertificateException {
        try (var in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
