package io.sallyport.agent.sandbox;

import io.sallyport.agent.image.Template;
import io.sallyport.agent.image.Templates;
import io.sallyport.agent.node.Cgroups;
import io.sallyport.agent.node.Leftovers;
import io.sallyport.agent.node.ListeningSockets;
import io.sallyport.agent.outbound.WayOut;
import io.sallyport.agent.runtime.Bundle;
import io.sallyport.agent.runtime.ContainerRuntime;
import io.sallyport.agent.sandbox.HostSandbox.State;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.guest.InitRequest;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostException;
import io.sallyport.rpc.host.HostException.Kind;
import io.sallyport.rpc.host.HostedSandbox;
import io.sallyport.rpc.host.SandboxSpec;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.netns.Netns;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The sandboxes of this machine.
///
/// ```
///   create: directory ─▶ bundle ─▶ runtime ─▶ guest ready ─▶ record ─▶ known
///   destroy:  unknown ◀─ directory gone ◀─ groups gone ◀─ container gone
/// ```
///
/// The directory is there first and gone last, so whatever dies in between, the next start knows what to look
/// for; the record is written last, so a sandbox with a record is whole.
///
/// - **Threads**: any; operations on one sandbox wait for each other.
/// - **Closes**: [#close()] pauses what runs, so that nothing does unguarded; the next start takes it over.
public final class Sandboxes implements HostAgent, Closeable {
    private static final Logger LOG = System.getLogger(Sandboxes.class.getName());

    private static final Duration EXIT_SETTLE = Duration.ofMillis(50);
    private static final int BOOT_LOG_BYTES_SHOWN = 2 << 10;

    private final Path directory;
    private final Path guestImage;
    private final ContainerRuntime runtime;
    private final Templates templates;
    private final WayOut wayOut;
    private final Map<SandboxId, HostSandbox> known = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    public Sandboxes(Path directory, Path guestImage, ContainerRuntime runtime, Templates templates, WayOut wayOut) {
        this.directory = directory;
        this.guestImage = guestImage;
        this.runtime = runtime;
        this.templates = templates;
        this.wayOut = wayOut;
    }

    /// Takes over what lives and removes what does not. To be called once, before anything else.
    public void recover() throws IOException {
        Files.createDirectories(directory);
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                var id = SandboxId.parse(entry.getFileName().toString());
                if (id.isPresent() && !takeOver(id.get(), entry)) {
                    removeOrSay(id.get());
                }
            }
        }
    }

    /// One sandbox that cannot be removed must not keep the others from being taken over.
    private void removeOrSay(SandboxId id) {
        try {
            remove(id);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "cannot remove what is left of " + id + "; the next start tries again", e);
        }
    }

    private boolean takeOver(SandboxId id, Path home) {
        var record = SandboxRecord.load(home).filter(SandboxRecord::alive);
        if (record.isEmpty()) {
            return false;
        }
        try {
            var state = switch (runtime.state(id)) {
                case RUNNING -> State.RUNNING;
                case PAUSED -> State.PAUSED;
                case ABSENT, STOPPED -> State.ENDED;
            };
            if (state == State.ENDED) {
                return false;
            }
            var sandbox = new HostSandbox(id, Netns.of(record.get().pid()), record.get(), state);
            if (record.get().egress()) {
                reopen(sandbox);
            }
            register(sandbox);
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} cannot be taken over and is removed: {1}", id, e.getMessage());
            return false;
        }
    }

    /// Something inside may have taken the port while nobody had it. That costs the sandbox its way out and nothing
    /// else.
    private void reopen(HostSandbox sandbox) {
        try {
            sandbox.door(wayOut.open(sandbox.id, sandbox.netns, sandbox::tieOutgoing));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} has no way out any more: {1}", sandbox.id, e.getMessage());
        }
    }

    @Override
    public void create(SandboxSpec spec) throws HostException {
        var template = templates.find(spec.template());
        try {
            Files.createDirectory(home(spec.id()));
        } catch (IOException e) {
            throw new HostException(Kind.FAILED, "sandbox " + spec.id() + ": no directory: " + e.getMessage(), e);
        }
        try {
            start(spec, template, home(spec.id()));
        } catch (IOException e) {
            try {
                remove(spec.id());
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw new HostException(Kind.FAILED, "sandbox " + spec.id() + ": " + e.getMessage(), e);
        }
    }

    private void start(SandboxSpec spec, Template template, Path home) throws IOException {
        try {
            Bundle.write(
                    home,
                    spec.id(),
                    spec.resources(),
                    template.root(),
                    template.withHostUsr(),
                    guestImage,
                    wayOut.environment(spec));
            wayOut.leaveToken(spec, home.resolve(Bundle.UPPER));
            long pid = runtime.start(spec.id(), home);
            Cgroups.weighParent();
            var record = SandboxRecord.of(spec.accessToken(), pid, spec.egress() != null);
            var netns = Netns.of(pid);
            var sandbox = new HostSandbox(spec.id(), netns, record, State.RUNNING);
            try {
                if (spec.egress() != null) {
                    sandbox.door(wayOut.open(spec.id(), netns, sandbox::tieOutgoing));
                    wayOut.redirect(spec, netns);
                }
                sandbox.guest().init(initRequest(spec), record::alive);
                record.save(home);
                register(sandbox);
            } catch (IOException e) {
                sandbox.closeDoor();
                netns.close();
                throw e;
            }
        } catch (IOException e) {
            throw withBootLog(e, home);
        }
    }

    private static InitRequest initRequest(SandboxSpec spec) {
        var environment = new HashMap<String, String>();
        environment.put("E2B_SANDBOX", "true");
        environment.put("E2B_SANDBOX_ID", spec.id().text());
        environment.put("E2B_TEMPLATE_ID", spec.template());
        environment.put("SALLYPORT_SANDBOX_ID", spec.id().text());
        environment.putAll(spec.envVars());
        return new InitRequest(spec.accessToken(), environment, null, null);
    }

    private static IOException withBootLog(IOException e, Path home) {
        try (var log = Files.newInputStream(home.resolve(Bundle.BOOT_LOG))) {
            var said = new String(log.readNBytes(BOOT_LOG_BYTES_SHOWN), StandardCharsets.UTF_8).strip();
            return said.isEmpty() ? e : new IOException(e.getMessage() + ": " + said, e);
        } catch (IOException unreadable) {
            e.addSuppressed(unreadable);
            return e;
        }
    }

    private void register(HostSandbox sandbox) {
        known.put(sandbox.id, sandbox);
        watch(sandbox);
    }

    private void watch(HostSandbox sandbox) {
        var exit = ProcessHandle.of(sandbox.record.pid())
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
        var later = CompletableFuture.delayedExecutor(
                EXIT_SETTLE.toMillis(),
                TimeUnit.MILLISECONDS,
                task -> Thread.ofVirtual().start(task));
        var _ = exit.thenRunAsync(() -> ended(sandbox), later);
    }

    /// The guest daemon seems to have ended: by itself, unless somebody is destroying the sandbox. It is looked
    /// at once more, because Java takes a process it cannot look at (no descriptors left) for one that has
    /// ended.
    private void ended(HostSandbox sandbox) {
        if (closed || known.get(sandbox.id) != sandbox) {
            return;
        }
        if (sandbox.record.alive()) {
            watch(sandbox);
            return;
        }
        try {
            if (destroyKnown(sandbox)) {
                watchers.forEach(watcher -> watcher.exited(sandbox.id));
            }
        } catch (HostException e) {
            LOG.log(Level.ERROR, "cannot remove " + sandbox.id + ", which has ended", e);
        }
    }

    @Override
    public void destroy(SandboxId id) throws HostException {
        var sandbox = known.get(id);
        if (sandbox != null) {
            destroyKnown(sandbox);
        }
    }

    /// False when it was destroyed already.
    private boolean destroyKnown(HostSandbox sandbox) throws HostException {
        sandbox.lock.lock();
        try {
            if (known.get(sandbox.id) != sandbox) {
                return false;
            }
            if (sandbox.state == State.RUNNING) {
                sandbox.farewell();
            }
            sandbox.state = State.ENDED;
            sandbox.closeDoor();
            sandbox.cutConnections();
            sandbox.netns.close();
            remove(sandbox.id);
            known.remove(sandbox.id);
            return true;
        } catch (IOException e) {
            throw new HostException(Kind.FAILED, "destroy " + sandbox.id + ": " + e.getMessage(), e);
        } finally {
            sandbox.lock.unlock();
        }
    }

    private void remove(SandboxId id) throws IOException {
        runtime.destroy(id);
        Leftovers.remove(id, home(id));
    }

    @Override
    public void pause(SandboxId id) throws HostException {
        change(id, State.RUNNING, State.PAUSED, runtime::pause);
    }

    @Override
    public void resume(SandboxId id) throws HostException {
        change(id, State.PAUSED, State.RUNNING, runtime::resume);
    }

    private interface Change {
        void apply(SandboxId id) throws IOException;
    }

    private void change(SandboxId id, State from, State to, Change change) throws HostException {
        var sandbox = require(id);
        sandbox.lock.lock();
        try {
            if (sandbox.state != from) {
                throw new HostException(
                        Kind.WRONG_STATE, "sandbox " + id + " is " + sandbox.state + " (expected: " + from + ")");
            }
            if (to == State.PAUSED) { // first nobody new gets in, then who is in is told
                sandbox.state = to;
                sandbox.cutConnections();
            }
            change.apply(id);
            sandbox.state = to;
        } catch (IOException e) {
            sandbox.state = from;
            throw new HostException(Kind.FAILED, "sandbox " + id + ": " + e.getMessage(), e);
        } finally {
            sandbox.lock.unlock();
        }
    }

    @Override
    public List<HostedSandbox> list() {
        return known.values().stream()
                .filter(sandbox -> sandbox.state != State.ENDED)
                .map(sandbox -> new HostedSandbox(sandbox.id, sandbox.state == State.PAUSED))
                .toList();
    }

    @Override
    public byte[] log(SandboxId id) throws HostException {
        var sandbox = require(id);
        if (sandbox.state != State.RUNNING) {
            throw new HostException(
                    Kind.WRONG_STATE, "sandbox " + id + " is " + sandbox.state + " (expected: RUNNING)");
        }
        try {
            return sandbox.guest().log();
        } catch (IOException e) {
            throw new HostException(Kind.FAILED, "log of " + id + ": " + e.getMessage(), e);
        }
    }

    /// Ties a connection to the sandbox: it is cut when the sandbox is paused or ends. Empty, and the
    /// connection closed, when that has happened already.
    public Optional<Connection> tie(SandboxId id, Connection connection) {
        var sandbox = known.get(id);
        if (sandbox == null) {
            connection.close();
            return Optional.empty();
        }
        return sandbox.tie(connection);
    }

    /// Remembers that something listened on a port.
    public void answered(SandboxId id, Port port) {
        var sandbox = known.get(id);
        if (sandbox != null) {
            sandbox.answered.add(port.number());
        }
    }

    @Override
    public Listening listening(SandboxId id) throws HostException {
        var sandbox = require(id);
        try {
            return new Listening(
                    ListeningSockets.of(sandbox.record.pid(), Cgroups.processes(id)), List.copyOf(sandbox.answered));
        } catch (IOException e) {
            throw new HostException(Kind.FAILED, "ports of " + id + ": " + e.getMessage(), e);
        }
    }

    /// The network namespace of a sandbox that can be dialled.
    public Optional<Netns> netnsOfRunning(SandboxId id) {
        var sandbox = known.get(id);
        return sandbox != null && sandbox.state == State.RUNNING ? Optional.of(sandbox.netns) : Optional.empty();
    }

    @Override
    public Closeable watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    @Override
    public List<String> templates() {
        return templates.names();
    }

    @Override
    public void importTemplate(String name, InputStream tar) throws HostException {
        templates.importTar(name, tar);
    }

    public Set<Path> guestImagesInUse() {
        return inUse("guest");
    }

    public Set<Path> templateRootsInUse() {
        return inUse("lower");
    }

    /// What the links of that name in all sandboxes point to.
    private Set<Path> inUse(String link) {
        var targets = new HashSet<Path>();
        try (var homes = Files.newDirectoryStream(directory)) {
            for (var home : homes) {
                if (Files.exists(home.resolve(link))) {
                    targets.add(home.resolve(link).toRealPath());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return targets;
    }

    private HostSandbox require(SandboxId id) throws HostException {
        var sandbox = known.get(id);
        if (sandbox == null) {
            throw new HostException(Kind.NO_SUCH_SANDBOX, "no sandbox " + id + " on this machine");
        }
        return sandbox;
    }

    private void letGo(HostSandbox sandbox) {
        sandbox.lock.lock();
        try {
            if (sandbox.state == State.RUNNING) {
                runtime.pause(sandbox.id);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} runs on, it could not be paused: {1}", sandbox.id, e.getMessage());
        } finally {
            sandbox.closeDoor();
            sandbox.netns.close();
            sandbox.lock.unlock();
        }
    }

    private Path home(SandboxId id) {
        return directory.resolve(id.text());
    }

    @Override
    public void close() {
        closed = true;
        known.values().parallelStream().forEach(this::letGo);
        try {
            Cgroups.removeEmptyParent();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "parent group: {0}", e.getMessage());
        }
    }
}
