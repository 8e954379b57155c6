package io.sallyport.gateway;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Credential;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.Opening;
import io.sallyport.rpc.route.PortTraffic;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.UndecidedException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A control plane whose answers a test chooses, to show what the gateway does with them.
final class FakeControl implements Routes {
    final Map<SandboxId, Route> routes = new ConcurrentHashMap<>();
    final AtomicInteger finds = new AtomicInteger();
    final List<HeaderProfile> lessons = new CopyOnWriteArrayList<>();
    final List<PortTraffic> traffic = new CopyOnWriteArrayList<>();
    volatile boolean down;
    volatile CountDownLatch answers = new CountDownLatch(0);
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    SandboxId add(String state) {
        var id = SandboxId.random();
        routes.put(id, route(state, Route.Visibility.PUBLIC));
        return id;
    }

    static Route route(String state, Route.Visibility visibility) {
        return new Route(state, "", visibility, "", null, List.of());
    }

    /// Changes a route and tells everybody.
    void change(SandboxId id, Route route) {
        routes.put(id, route);
        watchers.forEach(watcher -> watcher.changed(id));
    }

    @Override
    public Optional<Route> find(SandboxId sandbox) throws UndecidedException {
        finds.incrementAndGet();
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (down) {
            throw new UndecidedException("down", new IOException("down"));
        }
        return Optional.ofNullable(routes.get(sandbox));
    }

    @Override
    public Opening opens(SandboxId sandbox, Port port, Credential credential) {
        return Opening.CLOSED;
    }

    @Override
    public void learned(SandboxId sandbox, Port port, HeaderProfile profile) {
        lessons.add(profile);
    }

    @Override
    public void report(List<PortTraffic> reported) {
        traffic.addAll(reported);
    }

    @Override
    public Closeable watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }
}
