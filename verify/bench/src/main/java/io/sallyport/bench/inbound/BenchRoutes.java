package io.sallyport.bench.inbound;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Credential;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.Opening;
import io.sallyport.rpc.route.PortTraffic;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.Routes;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;

/// A control plane for which every sandbox runs on one host and is public.
///
/// @param host where its agent takes tunnels; empty: in the gateway's process
record BenchRoutes(String host) implements Routes {
    @Override
    public Optional<Route> find(SandboxId sandbox) {
        return Optional.of(new Route(Route.RUNNING, host, Route.Visibility.PUBLIC, "", null, List.of()));
    }

    @Override
    public Opening opens(SandboxId sandbox, Port port, Credential credential) {
        return Opening.CLOSED;
    }

    @Override
    public void learned(SandboxId sandbox, Port port, HeaderProfile profile) {}

    @Override
    public void report(List<PortTraffic> traffic) {}

    @Override
    public Closeable watch(Watcher watcher) {
        return () -> {};
    }
}
