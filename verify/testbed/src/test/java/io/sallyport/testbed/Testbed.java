package io.sallyport.testbed;

import io.sallyport.app.Platform;
import io.sallyport.app.PlatformConfig;
import io.sallyport.egress.EgressConfig;
import io.sallyport.egress.dial.ResolveException;
import io.sallyport.gateway.GatewayConfig;
import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.Closer;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// One running platform for all tests of this module, on ports and in a home of its own, made by the first that
/// asks.
///
/// - **Threads**: any.
/// - **Closes**: when the JVM ends, with every sandbox it still has.
final class Testbed extends Installation {
    private static final Duration HOLD = Duration.ofSeconds(3);
    /// No browser takes a name that ends so for a local one, as it does `localhost`.
    static final String OTHER_DOMAIN = "preview.test";

    static final String E2B_DOMAIN = "e2b.test";
    static final int RESERVED_PORT = 2375;
    /// Where names below `origin.test` lead from the egress gateway: nobody else on this machine uses that address.
    static final String OUTSIDE = "127.66.0.1";

    /// Where tests have servers of their own for sandboxes to reach.
    private static final List<IpBlock> ORIGINS =
            List.of(IpBlock.parse("127.0.0.0/8").orElseThrow());

    private static final Path OUTPUT = Path.of("target", "seen");

    private final Platform platform;
    private final Origin.Authority outside;
    private final Path home;
    private final int port;

    private Testbed(Platform platform, Origin.Authority outside, Path home, int port) {
        this.platform = platform;
        this.outside = outside;
        this.home = home;
        this.port = port;
    }

    static Testbed get() {
        return Started.INSTANCE;
    }

    /// Nothing is started for a test that has an installation of its own.
    private static final class Started {
        private static final Testbed INSTANCE = start();
    }

    private static Testbed start() {
        try {
            var home = Files.createTempDirectory("sallyport-testbed");
            var outside = Origin.Authority.make(Files.createDirectory(home.resolve("outside")));
            int port = freePort();
            var domain = "localhost:" + port;
            var config = new PlatformConfig(
                    home,
                    domain,
                    Optional.empty(),
                    Optional.of(new PlatformConfig.LocalAgent("runc", guestImage(), List.of(Loopback.v4(0)))),
                    Optional.of(gateway(home, port)),
                    Optional.empty(),
                    new PlatformConfig.Egress(
                            EgressPolicy.NONE,
                            EgressConfig.in(home)
                                    .withPrivateAllowed(ORIGINS)
                                    .withExtraRoots(List.of(certificate(outside.certificate())))
                                    .withResolver(Testbed::resolve)));
            var testbed = new Testbed(Platform.start(config, part -> {}, new Closer()), outside, home, port);
            Runtime.getRuntime().addShutdownHook(new Thread(testbed::stop));
            return testbed;
        } catch (Exception e) {
            throw new IllegalStateException("the testbed needs root and runc (bin/setup --test): " + e.getMessage(), e);
        }
    }

    private static GatewayConfig gateway(Path home, int port) {
        return new GatewayConfig(
                List.of(Loopback.v4(port), Loopback.v6(port)),
                Map.of("localhost", Dialect.STANDARD, OTHER_DOMAIN, Dialect.STANDARD, E2B_DOMAIN, Dialect.E2B),
                List.of(),
                Set.of(new Port(RESERVED_PORT)),
                HttpServer.Config.DEFAULT,
                AccessLimits.DEFAULT,
                new ForwardLimits(
                        Duration.ofSeconds(2),
                        HOLD,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(4)),
                Optional.of(Loopback.v4(0)),
                Optional.of(home.resolve("access.log")));
    }

    private void stop() {
        killAll();
        platform.close();
        HostTruth.removeTree(home);
    }

    static Path guestImage() {
        return Path.of(System.getProperty("sallyport.guest.image", "../../guest/daemon/target/guest"))
                .toAbsolutePath()
                .normalize();
    }

    static int freePort() throws IOException {
        try (var socket = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            return socket.socket().getLocalPort();
        }
    }

    private static X509Certificate certificate(Path pem) throws IOException, CertificateException {
        try (var in = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static List<IpAddress> resolve(SandboxId sandbox, HostName name, Deadline deadline)
            throws ResolveException {
        if (name.text().endsWith(".origin.test")) {
            return List.of(IpAddress.parse(OUTSIDE).orElseThrow());
        }
        throw new ResolveException(ResolveException.Kind.NO_SUCH_NAME, name.text());
    }

    /// Who signs the certificates of servers outside.
    Origin.Authority outside() {
        return outside;
    }

    /// Where tests leave what a person may want to look at.
    static Path output(String name) throws IOException {
        Files.createDirectories(OUTPUT);
        return OUTPUT.resolve(name);
    }

    Path home() {
        return home;
    }

    int port() {
        return port;
    }

    @Override
    InetSocketAddress address() {
        return platform.address();
    }

    /// Path mode of the agent.
    InetSocketAddress pathAddress() {
        return platform.pathAddress();
    }

    InetSocketAddress metricsAddress() {
        return platform.metricsAddress().orElseThrow();
    }

    @Override
    String key() {
        return platform.credentials().key().text();
    }

    /// Waits until something is true; the test fails when it does not become so.
    static void eventually(Duration wait, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + wait.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
