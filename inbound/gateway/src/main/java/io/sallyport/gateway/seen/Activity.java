package io.sallyport.gateway.seen;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.PortTraffic;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.UndecidedException;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells the control plane which ports were used. Traffic is activity; a failed request is not, but its outcome
/// is told.
///
/// - **Threads**: any; one platform thread reports every [#STEP].
/// - **Limits**: [#PORTS_MAX] ports a step; what is used beyond that is not told.
/// - **Closes**: [#close()] reports what is left.
public final class Activity implements Closeable {
    private static final Logger LOG = System.getLogger(Activity.class.getName());
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int PORTS_MAX = 10_000;

    private final Routes routes;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("activity").factory());
    private Map<Used, Counter> used = new HashMap<>();

    private record Used(SandboxId sandbox, Port port) {}

    public Activity(Routes routes) {
        this.routes = routes;
    }

    public void start() {
        var _ = clock.scheduleWithFixedDelay(this::report, STEP.toMillis(), STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void count(Passage ended) {
        if (!(ended.destination() instanceof Destination.Sandbox to)) {
            return;
        }
        var outcome = Objects.requireNonNull(ended.outcome(), "the passage has not ended");
        if (ended.attempts() == 0 && outcome.fault() == Outcome.Fault.CLIENT) {
            return; // It never got near the sandbox, which may not even exist.
        }
        var key = new Used(to.id(), to.port());
        synchronized (this) {
            var counter = used.get(key);
            if (counter == null && used.size() < PORTS_MAX) {
                counter = new Counter();
                used.put(key, counter);
            }
            if (counter != null) {
                counter.count(outcome);
            }
        }
    }

    /// What went through to one port. Guarded by the activity's lock.
    private static final class Counter {
        private int exchanges;
        private int failed;
        private Outcome last = Outcome.ANSWERED;
        private long lastEpochMillis;

        void count(Outcome outcome) {
            last = outcome;
            if (outcome.reachedApp()) {
                exchanges++;
                lastEpochMillis = System.currentTimeMillis();
            } else {
                failed++;
            }
        }

        PortTraffic traffic(Used of) {
            return new PortTraffic(
                    of.sandbox().text(), of.port().number(), exchanges, failed, last.id(), lastEpochMillis);
        }
    }

    private void report() {
        List<PortTraffic> traffic;
        synchronized (this) {
            if (used.isEmpty()) {
                return;
            }
            traffic = used.entrySet().stream()
                    .map(entry -> entry.getValue().traffic(entry.getKey()))
                    .toList();
            used = new HashMap<>();
        }
        try {
            routes.report(traffic);
        } catch (UndecidedException | RuntimeException e) {
            LOG.log(Level.DEBUG, "activity of {0} ports was not taken: {1}", traffic.size(), e.getMessage());
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        report();
    }
}
