package io.sallyport.control.sandbox;

import io.sallyport.control.store.SandboxStore;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.HostException;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Ends sandboxes whose time is over: kills them, or pauses those that were made so. Goes on with kills that
/// failed and repairs what a database that was away has left wrong.
///
/// - **Threads**: one that looks every [#STEP], and a virtual one for each sandbox it ends and for repairs.
public final class Reaper implements Closeable {
    private static final Logger LOG = System.getLogger(Reaper.class.getName());
    private static final Duration STEP = Duration.ofSeconds(1);

    private final SandboxStore store;
    private final SandboxService sandboxes;
    private final Set<SandboxId> underWay = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("reaper").factory());

    public Reaper(SandboxStore store, SandboxService sandboxes) {
        this.store = store;
        this.sandboxes = sandboxes;
    }

    public void start() {
        var _ = clock.scheduleWithFixedDelay(this::look, 0, STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            for (var sandbox : store.expired(Instant.now())) {
                if (underWay.add(sandbox.id())) {
                    Thread.ofVirtual().name("reap-" + sandbox.id()).start(() -> end(sandbox));
                }
            }
            Thread.ofVirtual().name("settle").start(sandboxes::settle);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "cannot look for expired sandboxes: {0}", e.toString());
        }
    }

    private void end(Sandbox sandbox) {
        try {
            if (sandbox.state() == SandboxState.KILLING) {
                sandboxes.retryKill(sandbox);
            } else {
                sandboxes.expire(sandbox);
            }
        } catch (HostException | RuntimeException e) {
            LOG.log(Level.WARNING, "sandbox {0} is over its time and cannot be ended: {1}", sandbox.id(), e.toString());
        } finally {
            underWay.remove(sandbox.id());
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
