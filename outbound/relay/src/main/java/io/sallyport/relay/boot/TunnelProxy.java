package io.sallyport.relay.boot;

import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.listen.Redirected;
import io.sallyport.relay.listen.RelayServer;
import io.sallyport.relay.listen.Status;
import io.sallyport.relay.transparent.Transparent;
import io.sallyport.relay.tunnel.Tunnels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/// The proxy with its tunnels to the gateway.
final class TunnelProxy implements Proxy {
    private final RecentFailures failures;
    private final Tunnels tunnels;
    private final RelayServer server;

    private TunnelProxy(RecentFailures failures, Tunnels tunnels, RelayServer server) {
        this.failures = failures;
        this.tunnels = tunnels;
        this.server = server;
    }

    /// See [Proxy.Starter#start].
    static Proxy start(
            String sessionId, GatewayClient gateway, Token token, int port, String relayToken, Supplier<byte[]> status)
            throws IOException {
        var failures = new RecentFailures();
        var tunnels = new Tunnels(gateway, sessionId, token::copy, Tunnels.Mode.AUTO);
        try {
            var document = new Status(relayToken.getBytes(StandardCharsets.US_ASCII), status);
            return new TunnelProxy(failures, tunnels, RelayServer.start(port, tunnels, failures, document));
        } catch (IOException e) {
            tunnels.close();
            throw new IOException("port " + port + ": " + e.getMessage(), e);
        }
    }

    @Override
    public int port() {
        return server.address().getPort();
    }

    @Override
    public Transparent.Tunnel redirected() {
        return new Redirected(tunnels, failures)::serve;
    }

    @Override
    public Tunnels.State tunnels() {
        return tunnels.state();
    }

    @Override
    public List<RelayStatus.Failure> recentFailures() {
        return failures.list().stream()
                .map(failure -> new RelayStatus.Failure(
                        failure.time().toString(), failure.kind().id(), failure.host(), failure.detail()))
                .toList();
    }

    @Override
    public void close() {
        try (tunnels) {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
