package io.sallyport.bench.inbound;

import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.GatewayConfig;
import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.gateway.tunnel.TunnelDialer;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The program under measurement: a gateway for which every sandbox runs and is the backend.
///
/// `BenchGateway PORT BACKEND_PORT` dials the backend itself; `BenchGateway PORT AGENT_PORT TLS_DIRECTORY`
/// through an agent.
public final class BenchGateway {
    private BenchGateway() {}

    public static void main(String[] args) throws Exception {
        int next = Integer.parseInt(args[1]);
        boolean apart = args.length > 2;
        SandboxDialer dialer =
                apart ? new TunnelDialer(identity(Path.of(args[2]), "gateway")) : new BackendDialer(Loopback.v4(next));
        var config = new GatewayConfig(
                List.of(Loopback.v4(Integer.parseInt(args[0]))),
                Map.of(Site.DOMAIN, Dialect.STANDARD),
                List.of(),
                Set.of(),
                HttpServer.Config.DEFAULT,
                AccessLimits.DEFAULT,
                ForwardLimits.DEFAULT,
                Optional.empty(),
                Optional.empty());
        Gateway.start(config, new BenchRoutes(apart ? Site.local(next) : ""), dialer, deadline -> {
            throw new IOException("there is no API here");
        });
        Thread.currentThread().join();
    }

    static TlsIdentity identity(Path directory, String name) throws IOException {
        return TlsIdentity.load(
                directory.resolve(name + ".crt"), directory.resolve(name + ".key"), directory.resolve("ca.crt"));
    }
}
