package io.sallyport.egress.testing;

import io.sallyport.egress.EgressConfig;
import io.sallyport.egress.EgressGateway;
import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.dial.Sockets;
import io.sallyport.egress.intercept.InterceptionAuthority;
import io.sallyport.egress.intercept.LeafTls;
import io.sallyport.egress.intercept.PermittedHosts;
import io.sallyport.egress.intercept.UpstreamTls;
import io.sallyport.egress.session.Outlet;
import io.sallyport.kit.Closer;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressRecord;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.net.Connection;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A gateway, one sandbox, and a world of loopback: 127.0.0.1 is allowed where a rule names the host.
public final class World implements Closeable {
    public static final String TOKEN = "token-of-the-sandbox";
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final List<IpBlock> LOOPBACK =
            List.of(IpBlock.parse("127.0.0.1/32").orElseThrow());

    private final Closer closer = new Closer();
    private final SandboxId sandbox = SandboxId.random();
    private final FakeSessions sessions = new FakeSessions();
    private final FakeResolver resolver = new FakeResolver();
    private final AtomicInteger dialled = new AtomicInteger();
    private final InterceptionAuthority hosts;
    private final EgressGateway gateway;
    private final TestRelay relay;

    private World(Path home, Outlet.Limits limits, AuditLog.Kept kept) throws IOException {
        this.hosts = InterceptionAuthority.open(home.resolve("hosts-ca"));
        Sockets sockets = (address, port, deadline) -> {
            dialled.incrementAndGet();
            return Sockets.SYSTEM.connect(address, port, deadline);
        };
        var config = new EgressConfig(
                home, LOOPBACK, List.of(certificate(hosts)), resolver, sockets, limits, kept, Duration.ofMinutes(1));
        this.gateway = closer.register(EgressGateway.start(config, sessions));
        this.relay = closer.register(new TestRelay(gateway, sandbox, TOKEN));
        policy(EgressPolicy.OPEN);
    }

    public static World start(Path home) throws IOException {
        return start(home, Outlet.Limits.DEFAULT);
    }

    public static World start(Path home, Outlet.Limits limits) throws IOException {
        return new World(home, limits, AuditLog.Kept.DEFAULT);
    }

    private static X509Certificate certificate(InterceptionAuthority authority) {
        return certificate(authority.certificatePem());
    }

    private static X509Certificate certificate(byte[] pem) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    public EgressGateway gateway() {
        return gateway;
    }

    public TestRelay relay() {
        return relay;
    }

    public SandboxId sandbox() {
        return sandbox;
    }

    public FakeSessions sessions() {
        return sessions;
    }

    public FakeResolver resolver() {
        return resolver;
    }

    /// Connections that were tried.
    public int dialled() {
        return dialled.get();
    }

    public void policy(EgressPolicy policy, BoundSecret... secrets) {
        sessions.put(sandbox, TOKEN, policy, secrets);
    }

    /// Allows these and nothing else.
    public void allow(String... targets) {
        policy(limited(Arrays.stream(targets).map(Rule::of).toArray(Rule[]::new)));
    }

    public static EgressPolicy limited(Rule... rules) {
        return new EgressPolicy(Mode.LIMITED, null, List.of(rules), null, null, null, null, null, false, false);
    }

    public List<EgressRecord> records() throws IOException {
        return gateway.read(sandbox, 0, 1_000);
    }

    /// The first record of an event, which may be written a little later.
    public EgressRecord await(String event) throws IOException {
        var deadline = Deadline.after(WAIT);
        while (!deadline.passed()) {
            var found =
                    records().stream().filter(one -> one.event().equals(event)).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("no record of " + event + ": " + records());
    }

    /// TLS as a client in the sandbox speaks it, which trusts the gateway's authority and no other.
    public Connection tls(Connection tunnel, String host, int port) throws IOException {
        var authority = certificate(relay.get(EgressApi.CA_CERT).text().getBytes(StandardCharsets.US_ASCII));
        return new UpstreamTls(List.of(authority))
                .connect(tunnel, sandbox, destination(host, port), Deadline.after(WAIT));
    }

    /// TLS as a host speaks it.
    public Connection hostTls(Connection accepted, String host, int port) throws IOException {
        return new LeafTls(hosts)
                .accept(accepted, sandbox, PermittedHosts.ANY, destination(host, port), Deadline.after(WAIT));
    }

    private static Destination destination(String host, int port) {
        return Destination.parseAuthority(host + ":" + port).orElseThrow();
    }

    @Override
    public void close() {
        closer.close();
    }
}
