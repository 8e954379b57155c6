package io.sallyport.bench.inbound;

import io.sallyport.agent.rpc.AgentServer;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.wire.net.Loopback;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;

/// An agent that only takes tunnels, into sandboxes that are all the backend: `BenchAgent PORT BACKEND_PORT
/// TLS_DIRECTORY`.
public final class BenchAgent {
    private BenchAgent() {}

    public static void main(String[] args) throws Exception {
        var identity = BenchGateway.identity(Path.of(args[2]), "agent");
        var dialer = new BackendDialer(Loopback.v4(Integer.parseInt(args[1])));
        AgentServer.start(List.of(Loopback.v4(Integer.parseInt(args[0]))), identity, noSandboxes(), dialer);
        Thread.currentThread().join();
    }

    private static HostAgent noSandboxes() {
        return (HostAgent) Proxy.newProxyInstance(
                HostAgent.class.getClassLoader(), new Class<?>[] {HostAgent.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
