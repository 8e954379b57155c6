package io.sallyport.control.sandbox;

import io.sallyport.control.egress.PolicyVault;
import io.sallyport.control.rpc.Hosts;
import io.sallyport.control.sandbox.Lifecycle.Event;
import io.sallyport.control.sandbox.Lifecycle.OnHost;
import io.sallyport.control.store.EgressStore.NewEgress;
import io.sallyport.control.store.SandboxStore;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostException;
import io.sallyport.rpc.host.HostedSandbox;
import io.sallyport.rpc.host.SandboxSpec;
import io.sallyport.rpc.host.SandboxSpec.Resources;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Carries out what [Lifecycle] allows: first the row, so that nobody else starts the same, then the host, then
/// the row.
///
/// - **Threads**: any; who loses a race is told what the sandbox is now.
public final class SandboxService {
    private static final Logger LOG = System.getLogger(SandboxService.class.getName());

    private static final Duration SETTLE_WAIT = Duration.ofSeconds(10);
    private static final long FIRST_EPOCH = 1;
    private static final Duration SETTLE_STEP = Duration.ofMillis(20);

    private final SandboxStore store;
    private final Hosts hosts;
    private final AccessTokens tokens;
    private final PolicyVault vault;
    private final Map<SandboxId, Integer> underWay = new ConcurrentHashMap<>(); // how many change it here
    private final Set<String> unsettled = ConcurrentHashMap.newKeySet(); // hosts

    public SandboxService(SandboxStore store, Hosts hosts, AccessTokens tokens, PolicyVault vault) {
        this.store = store;
        this.hosts = hosts;
        this.tokens = tokens;
        this.vault = vault;
    }

    /// What a new sandbox shall be.
    ///
    /// @param network what `egress` says in the words of the e2b client, as JSON; null where it was not said so
    public record NewSandbox(
            UUID team,
            String template,
            Duration timeout,
            boolean autoPause,
            Map<String, String> metadata,
            Map<String, String> envVars,
            Sandbox.Access access,
            EgressPolicy egress,
            @Nullable String network) {}

    /// What came of a request to change a sandbox.
    public sealed interface Change {
        /// It is done; the sandbox as it is now.
        record Done(Sandbox sandbox) implements Change {}

        /// It already was what it should become, or somebody else changes it at this moment.
        record Unfit(Sandbox sandbox) implements Change {}

        record Absent() implements Change {}
    }

    /// Makes a sandbox and returns when it is ready.
    public Sandbox create(NewSandbox wanted) throws HostException {
        var now = now();
        var resources = Resources.DEFAULT;
        var sandbox = new Sandbox(
                SandboxId.random(),
                wanted.team(),
                wanted.template(),
                SandboxState.CREATING,
                wanted.metadata(),
                wanted.autoPause(),
                resources.cpus(),
                resources.memoryMiB(),
                now,
                now.plus(wanted.timeout()),
                hosts.place(wanted.template()),
                wanted.access());
        return carryOut(sandbox.id(), sandbox.host(), () -> create(wanted, sandbox));
    }

    private Sandbox create(NewSandbox wanted, Sandbox sandbox) throws HostException {
        var host = hosts.at(sandbox.host());
        boolean door = wanted.egress().mode() != EgressPolicy.Mode.NONE;
        store.insert(sandbox, new NewEgress(vault.write(sandbox.id(), wanted.egress()), wanted.network(), door));
        try {
            host.create(new SandboxSpec(
                    sandbox.id(),
                    sandbox.template(),
                    Resources.DEFAULT,
                    wanted.envVars(),
                    tokens.guest(sandbox.id()),
                    door ? egress(sandbox.id(), wanted.egress()) : null));
        } catch (HostException e) {
            apply(sandbox, Event.CREATE_FAILED);
            throw e;
        }
        boolean told = false;
        try {
            var started = now();
            var running = Lifecycle.next(SandboxState.CREATING, Event.READY).orElseThrow();
            if (!store.move(sandbox.id(), SandboxState.CREATING, running, started, started.plus(wanted.timeout()))) {
                throw new HostException(
                        HostException.Kind.FAILED, "sandbox " + sandbox.id() + " ended while it started");
            }
            var created = store.find(sandbox.id()).orElseThrow();
            told = true;
            return created;
        } finally {
            if (!told) { // the database went away: nobody would ever end it
                host.destroy(sandbox.id());
            }
        }
    }

    private SandboxSpec.Egress egress(SandboxId id, EgressPolicy policy) {
        return new SandboxSpec.Egress(tokens.egress(id, FIRST_EPOCH), policy.transparent(), policy.required());
    }

    public Optional<Sandbox> find(SandboxId id) {
        return store.find(id);
    }

    public String accessToken(SandboxId id) {
        return tokens.guest(id);
    }

    /// What opens all ports of a private sandbox; empty for a public one, which needs none.
    public Optional<String> trafficToken(Sandbox sandbox) {
        return sandbox.access().isPublic() ? Optional.empty() : Optional.of(tokens.traffic(sandbox.id()));
    }

    public Change pause(SandboxId id) throws HostException {
        var sandbox = store.find(id).filter(s -> s.state().visible());
        if (sandbox.isEmpty()) {
            return new Change.Absent();
        }
        return carryOut(id, sandbox.get().host(), () -> {
            if (!apply(sandbox.get(), Event.PAUSE)) {
                return new Change.Unfit(sandbox.get());
            }
            finishPause(sandbox.get());
            return done(id);
        });
    }

    private void finishPause(Sandbox sandbox) throws HostException {
        var id = sandbox.id();
        try {
            hosts.at(sandbox.host()).pause(id);
        } catch (HostException e) {
            store.move(id, SandboxState.PAUSING, SandboxState.RUNNING);
            throw e;
        }
        store.move(id, SandboxState.PAUSING, SandboxState.PAUSED, sandbox.startedAt(), now());
    }

    /// Makes sure that a sandbox runs, at least for `timeout` from now. [Change.Done] when it had to be
    /// resumed, [Change.Unfit] when it was running.
    public Change connect(SandboxId id, Duration timeout) throws HostException {
        while (true) {
            var sandbox = settled(id).filter(s -> s.state().visible());
            if (sandbox.isEmpty()) {
                return new Change.Absent();
            }
            if (store.extendEnd(id, now().plus(timeout))) {
                return new Change.Unfit(store.find(id).orElseThrow());
            }
            if (carryOut(id, sandbox.get().host(), () -> resume(sandbox.get(), timeout))) {
                return done(id);
            }
        }
    }

    /// False when it is not paused any more.
    private boolean resume(Sandbox sandbox, Duration timeout) throws HostException {
        if (!apply(sandbox, Event.RESUME)) {
            return false;
        }
        var id = sandbox.id();
        try {
            hosts.at(sandbox.host()).resume(id);
        } catch (HostException e) {
            store.move(id, SandboxState.RESUMING, SandboxState.PAUSED);
            throw e;
        }
        var started = now();
        store.move(id, SandboxState.RESUMING, SandboxState.RUNNING, started, started.plus(timeout));
        return true;
    }

    /// Sets the time a running sandbox has left; false when there is none.
    public boolean setTimeout(SandboxId id, Duration timeout) {
        return store.setEnd(id, now().plus(timeout));
    }

    /// Ends a sandbox; false when there is none.
    public boolean kill(SandboxId id) throws HostException {
        while (true) {
            var sandbox = store.find(id).filter(s -> s.state().visible());
            if (sandbox.isEmpty()) {
                return false;
            }
            if (apply(sandbox.get(), Event.KILL)) {
                finishKill(sandbox.get());
                return true;
            }
        }
    }

    private void finishKill(Sandbox sandbox) throws HostException {
        hosts.at(sandbox.host()).destroy(sandbox.id());
        store.move(sandbox.id(), SandboxState.KILLING, SandboxState.KILLED);
    }

    /// Goes on with the removal of a sandbox that failed before.
    void retryKill(Sandbox sandbox) throws HostException {
        finishKill(sandbox);
    }

    /// Ends a sandbox whose time is over, unless it was given more meanwhile.
    void expire(Sandbox sandbox) throws HostException {
        if (sandbox.autoPause()) {
            carryOut(sandbox.id(), sandbox.host(), () -> {
                boolean expired = store.moveExpired(sandbox.id(), SandboxState.PAUSING, now());
                if (expired) {
                    finishPause(sandbox);
                }
                return expired;
            });
        } else if (store.moveExpired(sandbox.id(), SandboxState.KILLING, now())) {
            finishKill(sandbox);
        }
    }

    /// The host says that a sandbox has ended by itself.
    public void exited(SandboxId id) {
        var sandbox = store.find(id);
        while (sandbox.isPresent() && sandbox.get().state() != SandboxState.KILLED) {
            if (apply(sandbox.get(), Event.EXITED)) {
                LOG.log(Level.INFO, "sandbox {0} has ended by itself", id);
            }
            sandbox = store.find(id);
        }
    }

    private interface Operation<R> {
        R run() throws HostException;
    }

    /// Runs what changes a sandbox. When the database goes away in the middle, its row is repaired later.
    private <R> R carryOut(SandboxId id, String host, Operation<R> operation) throws HostException {
        underWay.merge(id, 1, Integer::sum);
        try {
            return operation.run();
        } catch (RuntimeException e) {
            unsettled.add(host);
            throw e;
        } finally {
            underWay.computeIfPresent(id, (same, count) -> count == 1 ? null : count - 1);
        }
    }

    /// Says that rows of a host may be wrong, because the database was away when something happened there.
    public void unsettled(String host) {
        unsettled.add(host);
    }

    /// Repairs what is unsettled; what fails is tried again the next time.
    void settle() {
        for (var host : Set.copyOf(unsettled)) {
            unsettled.remove(host); // first, so that what goes wrong meanwhile counts again
            try {
                repair(host);
            } catch (HostException | RuntimeException e) {
                unsettled.add(host);
                LOG.log(Level.DEBUG, "host {0} is not in order yet: {1}", host, e.getMessage());
            }
        }
    }

    /// Brings rows and a host together after one of both was away, see [Lifecycle#repair]. Rows come first:
    /// what is made meanwhile is then on the host and not thought to be missing. What is under way here, or
    /// was since, is left to whoever does it.
    public void repair(String name) throws HostException {
        var host = hosts.at(name);
        var rows = store.notKilled(name);
        var onHost = new HashMap<SandboxId, HostedSandbox>();
        for (var hosted : host.list()) {
            onHost.put(hosted.id(), hosted);
        }
        for (var sandbox : rows) {
            var hosted = onHost.remove(sandbox.id());
            var actual = hosted == null ? OnHost.ABSENT : hosted.paused() ? OnHost.PAUSED : OnHost.RUNNING;
            boolean same = store.find(sandbox.id()).equals(Optional.of(sandbox));
            if (same && !underWay.containsKey(sandbox.id())) {
                tryOrSay(sandbox.id(), () -> repair(host, sandbox, actual));
            }
        }
        for (var id : onHost.keySet()) {
            boolean known =
                    store.find(id).map(s -> s.state() != SandboxState.KILLED).orElse(false);
            if (!known) {
                tryOrSay(id, () -> host.destroy(id));
            }
        }
    }

    private interface Step {
        void run() throws HostException;
    }

    /// One sandbox that cannot be repaired must not keep the others from working.
    private static void tryOrSay(SandboxId id, Step step) {
        try {
            step.run();
        } catch (HostException e) {
            LOG.log(Level.ERROR, "cannot bring " + id + " in order; the next start tries again", e);
        }
    }

    private void repair(HostAgent host, Sandbox sandbox, OnHost actual) throws HostException {
        var id = sandbox.id();
        switch (Lifecycle.repair(sandbox.state(), actual)) {
            case KEEP -> {}
            case MARK_RUNNING -> store.move(id, sandbox.state(), SandboxState.RUNNING);
            case MARK_PAUSED -> store.move(id, sandbox.state(), SandboxState.PAUSED);
            case RESUME -> host.resume(id);
            case REMOVE -> {
                host.destroy(id);
                store.move(id, sandbox.state(), SandboxState.KILLED);
            }
        }
    }

    /// The sandbox when nobody is pausing or resuming it, or after [#SETTLE_WAIT].
    private Optional<Sandbox> settled(SandboxId id) {
        var deadline = Deadline.after(SETTLE_WAIT);
        while (true) {
            var sandbox = store.find(id);
            boolean moving = sandbox.map(s -> s.state() == SandboxState.PAUSING || s.state() == SandboxState.RESUMING)
                    .orElse(false);
            if (!moving || deadline.passed()) {
                return sandbox;
            }
            LockSupport.parkNanos(SETTLE_STEP.toNanos());
        }
    }

    private boolean apply(Sandbox sandbox, Event event) {
        return Lifecycle.next(sandbox.state(), event)
                .map(next -> store.move(sandbox.id(), sandbox.state(), next))
                .orElse(false);
    }

    private Change done(SandboxId id) {
        return store.find(id)
                .filter(s -> s.state().visible())
                .<Change>map(Change.Done::new)
                .orElseGet(Change.Absent::new);
    }

    /// PostgreSQL keeps microseconds.
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
