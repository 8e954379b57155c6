package io.sallyport.gateway.forward;

import io.sallyport.gateway.host.Destination;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.HttpClient;
import java.io.Closeable;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Connections to apps that have carried a whole exchange and may carry another, by sandbox and port.
///
/// What is given out was quiet a moment ago: nothing had come on it, and the app had not ended it.
///
/// - **Threads**: any; one platform thread closes what was not used for the idle time.
/// - **Limits**: none of its own. There are never more than there were exchanges at a time, which is limited; a
///   lower limit would only turn concurrency into new connections.
/// - **Closes**: [#evict] all of a sandbox, [#close()] all.
final class AppPool implements Closeable {
    private static final long SWEEP_MS = 500;

    private final long idleNanos;
    private final Map<SandboxId, Map<Port, ConcurrentLinkedDeque<Idle>>> idle = new ConcurrentHashMap<>();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("app-pool").factory());

    AppPool(Duration idleTime) {
        this.idleNanos = idleTime.toNanos();
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
    }

    private record Idle(HttpClient http, long sinceNanos) {}

    /// The connection that was used last and is still good.
    Optional<HttpClient> take(Destination.Sandbox to) {
        var ports = idle.get(to.id());
        var connections = ports == null ? null : ports.get(to.port());
        if (connections == null) {
            return Optional.empty();
        }
        for (var next = connections.pollFirst(); next != null; next = connections.pollFirst()) {
            if (!over(next) && next.http().quiet()) {
                return Optional.of(next.http());
            }
            next.http().close();
        }
        return Optional.empty();
    }

    void giveBack(Destination.Sandbox to, HttpClient http) {
        if (idleNanos == 0) {
            http.close();
            return;
        }
        idle.compute(to.id(), (id, known) -> {
            var ports = known == null ? new ConcurrentHashMap<Port, ConcurrentLinkedDeque<Idle>>() : known;
            ports.computeIfAbsent(to.port(), port -> new ConcurrentLinkedDeque<>())
                    .addFirst(new Idle(http, System.nanoTime()));
            return ports;
        });
    }

    /// Closes every idle connection of a sandbox.
    void evict(SandboxId sandbox) {
        var ports = idle.remove(sandbox);
        if (ports != null) {
            ports.values().forEach(AppPool::closeAll);
        }
    }

    int size() {
        int size = 0;
        for (var ports : idle.values()) {
            for (var connections : ports.values()) {
                size += connections.size();
            }
        }
        return size;
    }

    private boolean over(Idle connection) {
        return System.nanoTime() - connection.sinceNanos() > idleNanos;
    }

    private void sweep() {
        for (var sandbox : idle.keySet()) {
            idle.computeIfPresent(sandbox, (id, ports) -> {
                ports.values().removeIf(connections -> {
                    sweep(connections);
                    return connections.isEmpty();
                });
                return ports.isEmpty() ? null : ports;
            });
        }
    }

    /// The oldest are last.
    private void sweep(ConcurrentLinkedDeque<Idle> connections) {
        Iterator<Idle> oldestFirst = connections.descendingIterator();
        while (oldestFirst.hasNext()) {
            var connection = oldestFirst.next();
            if (!over(connection)) {
                return;
            }
            if (connections.remove(connection)) {
                connection.http().close();
            }
        }
    }

    private static void closeAll(ConcurrentLinkedDeque<Idle> connections) {
        for (var next = connections.pollFirst(); next != null; next = connections.pollFirst()) {
            next.http().close();
        }
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        idle.keySet().forEach(this::evict);
    }
}
