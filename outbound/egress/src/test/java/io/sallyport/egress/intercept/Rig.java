package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Ticker;
import io.sallyport.egress.inject.CredentialException;
import io.sallyport.egress.inject.Credentials;
import io.sallyport.egress.intercept.RequestRecord.Moment;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// An interceptor before one host, and clients in a sandbox.
final class Rig implements Closeable {
    static final String HOST = "api.example.com";
    static final String VALUE = "real-value-of-the-key";
    static final String PLACEHOLDER = "SALLY-PLACEHOLDER-1";
    static final BoundSecret SECRET = new BoundSecret("key", VALUE, PLACEHOLDER, HOST, "https", 443);
    static final Destination DESTINATION =
            Destination.parseAuthority(HOST + ":443").orElseThrow();
    private static final Duration WAIT = Duration.ofSeconds(10);

    final TestPki pki = new TestPki();
    final SandboxId sandbox = SandboxId.random();
    final InterceptionAuthority authority;
    final UpstreamTls upstreamTls = new UpstreamTls(List.of(pki.root()));
    private final BlockingQueue<RequestRecord> decisions = new LinkedBlockingQueue<>();
    private final BlockingQueue<RequestRecord> records = new LinkedBlockingQueue<>();
    final BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();
    private final Interceptor interceptor;
    private final Origin origin;
    private final String scheme;
    private volatile Terms terms;
    private volatile boolean auditBroken;
    private volatile PermittedHosts permitted = PermittedHosts.of(List.of(new HostName(HOST)), List.<IpAddress>of());

    Rig(Path home, String scheme, Origin.Script script) throws IOException {
        this(home, scheme, script, Ticker.systemTicker());
    }

    Rig(Path home, String scheme, Origin.Script script, Ticker ticker) throws IOException {
        this.authority = InterceptionAuthority.open(home);
        this.interceptor = new Interceptor(new LeafTls(authority, ticker));
        this.scheme = scheme;
        this.origin = new Origin(scheme.equals("https") ? pki.server(HOST) : null, script);
        this.terms = terms(EgressPolicy.OPEN, List.of());
    }

    static Terms terms(EgressPolicy policy, List<BoundSecret> secrets) {
        try {
            return new Terms(CompiledPolicy.compile(policy), Credentials.of(secrets));
        } catch (PolicyException | CredentialException e) {
            throw new AssertionError(e);
        }
    }

    void use(EgressPolicy policy, BoundSecret... secrets) {
        terms = terms(policy, List.of(secrets));
    }

    /// What may be looked into from now on.
    void permit(PermittedHosts hosts) {
        permitted = hosts;
    }

    Origin origin() {
        return origin;
    }

    Intercepted about(SandboxId whose, Destination destination) {
        return new Intercepted(
                whose,
                permitted,
                destination,
                scheme,
                () -> terms,
                deadline -> dial(whose, destination, deadline),
                this::write);
    }

    private void write(RequestRecord one) throws RefusedException {
        if (auditBroken) {
            throw new RefusedException(EgressReason.AUDIT_UNAVAILABLE, "");
        }
        boolean goesOn = one.moment() == Moment.DECIDED && one.reason().isEmpty();
        (goesOn ? decisions : records).add(one);
    }

    void breakAudit() {
        auditBroken = true;
    }

    private Connection dial(SandboxId whose, Destination destination, Deadline deadline) throws IOException {
        var raw = SocketConnection.connect(SocketChannel.open(), Loopback.v4(origin.port()), deadline);
        return scheme.equals("https") ? upstreamTls.connect(raw, whose, destination, deadline) : raw;
    }

    /// Serves one end of a connection, and gives the other.
    Socket tunnel(SandboxId whose, Destination destination) throws IOException {
        try (var server = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            var client = SocketChannel.open(server.getLocalAddress()).socket();
            client.setSoTimeout((int) WAIT.toMillis());
            serve(SocketConnection.of(server.accept()), about(whose, destination));
            return client;
        }
    }

    void serve(Connection client, Intercepted about) {
        Thread.ofVirtual().start(() -> {
            try {
                if (scheme.equals("https")) {
                    interceptor.tls(client, about);
                } else {
                    interceptor.plain(client, about);
                }
            } catch (IOException e) {
                failures.add(e);
            }
        });
    }

    /// A client that speaks to the host.
    Socket client() throws IOException {
        return scheme.equals("https")
                ? tlsClient(TestPki.trusting(authority.certificate()), sandbox, "http/1.1")
                : tunnel(sandbox, DESTINATION);
    }

    SSLSocket tlsClient(SSLContext context, SandboxId whose, String... protocols) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(tunnel(whose, DESTINATION), HOST, 443, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setServerNames(List.of(new SNIHostName(HOST)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /// Sends a request on a connection of its own and reads everything up to the end of the stream.
    String exchange(String request) throws IOException {
        try (var client = client()) {
            send(client, request);
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    static String read(Socket client, int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /// Whether all that was written down about how requests ended has been looked at.
    boolean nothingElseEnded() {
        return records.isEmpty();
    }

    /// The next record of a request that goes on.
    RequestRecord decision() throws InterruptedException {
        return next(decisions);
    }

    /// The next record of one that does not, or has ended.
    RequestRecord record() throws InterruptedException {
        return next(records);
    }

    private static RequestRecord next(BlockingQueue<RequestRecord> queue) throws InterruptedException {
        var one = queue.poll(WAIT.toSeconds(), TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("no record");
        }
        return one;
    }

    @Override
    public void close() throws IOException {
        interceptor.close();
        origin.close();
    }
}
