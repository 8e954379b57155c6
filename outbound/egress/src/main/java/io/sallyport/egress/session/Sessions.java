package io.sallyport.egress.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sallyport.egress.inject.CredentialException;
import io.sallyport.egress.inject.Credentials;
import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.egress.intercept.Terms;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.EgressSessions;
import io.sallyport.rpc.egress.EgressState;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.rpc.route.UndecidedException;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.net.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/// What is known of the sandboxes, and what they have open: the two are kept together, because a change of the one cuts
/// the other.
///
/// ```
///   control plane ──changed(id)──▶ forget what was known ──▶ ask ──▶ judge what the sandbox has open ──▶ cut
///   a tunnel: open() ──▶ find() ──▶ decide ──▶ dial ──▶ find() again ──▶ established
/// ```
///
/// A tunnel is registered before it asks. So one that was decided by what was known before a change is among those that
/// are judged after it.
///
/// - **Threads**: any; many that ask for one sandbox wait for one question.
/// - **Limits**: [#KNOWN_MAX] sandboxes are known at a time, each for [#KNOWN_FOR]: a change that nobody told of is
///   noticed by then.
/// - **Errors**: what cannot be read is a refusal ([EgressReason#POLICY_UNAVAILABLE]). Open tunnels live on for
///   [#UNDECIDED_MAX] then, and are cut when nobody has been able to say by then whether they may.
/// - **Closes**: [#close()] cuts everything.
public final class Sessions implements Closeable {
    private static final Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int KNOWN_MAX = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofSeconds(60);
    private static final Duration UNDECIDED_MAX = Duration.ofSeconds(30);
    private static final Duration UNDECIDED_STEP = Duration.ofMillis(250);

    private final EgressSessions source;
    private final List<IpBlock> privateAllowed;
    private final Outlet.Limits limits;
    private final Cache<SandboxId, Load> known = Caffeine.newBuilder()
            .maximumSize(KNOWN_MAX)
            .expireAfterWrite(KNOWN_FOR)
            .build();
    private final Map<SandboxId, Outlet> outlets = new ConcurrentHashMap<>();
    private final Closeable watch;
    private volatile boolean closed;

    /// Starts to watch.
    ///
    /// @param privateAllowed blocks that are not public, and that a policy may allow all the same
    public Sessions(EgressSessions source, List<IpBlock> privateAllowed, Outlet.Limits limits) {
        this.source = source;
        this.privateAllowed = List.copyOf(privateAllowed);
        this.limits = limits;
        this.watch = source.watch(new EgressSessions.Watcher() {
            @Override
            public void changed(SandboxId sandbox) {
                known.asMap().remove(sandbox);
                judgeAnew(sandbox);
            }

            @Override
            public void reset() {
                known.asMap().clear();
                outlets.keySet().forEach(Sessions.this::judgeAnew);
            }
        });
    }

    /// One question, whoever asks it first.
    private final class Load {
        private final SandboxId sandbox;
        private final FutureTask<Optional<Known>> task;

        Load(SandboxId sandbox) {
            this.sandbox = sandbox;
            this.task = new FutureTask<>(() -> ask(sandbox));
        }

        Optional<Known> get() throws RefusedException {
            task.run(); // does nothing where somebody else runs it, or has run it
            try {
                var found = task.get();
                if (found.isEmpty()) {
                    known.asMap().remove(sandbox, this); // one that starts later is not told of
                }
                return found;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RefusedException(EgressReason.POLICY_UNAVAILABLE, "");
            } catch (ExecutionException e) {
                known.asMap().remove(sandbox, this);
                LOG.log(Level.WARNING, "{0}: no policy: {1}", sandbox, String.valueOf(e.getCause()));
                throw new RefusedException(EgressReason.POLICY_UNAVAILABLE, "");
            }
        }
    }

    private Optional<Known> ask(SandboxId sandbox) throws UndecidedException, PolicyException, CredentialException {
        var session = source.find(sandbox);
        return session.isEmpty() ? Optional.empty() : Optional.of(understood(session.get()));
    }

    private Known understood(EgressSession session) throws PolicyException, CredentialException {
        var policy = CompiledPolicy.compile(session.policy(), privateAllowed);
        return new Known(session, new Terms(policy, Credentials.of(session.secrets())));
    }

    /// What is known of a sandbox; empty where none runs under that name.
    ///
    /// @throws RefusedException with [EgressReason#POLICY_UNAVAILABLE]
    public Optional<Known> find(SandboxId sandbox) throws RefusedException {
        var found = known.get(sandbox, Load::new).get();
        var outlet = outlets.get(sandbox);
        if (found.isPresent() && outlet != null) {
            outlet.generation(found.get().session().generation());
        }
        return found;
    }

    /// The same, where there must be one.
    ///
    /// @throws RefusedException also with [EgressReason#UNAUTHENTICATED]
    public Known require(SandboxId sandbox) throws RefusedException {
        return find(sandbox).orElseThrow(() -> new RefusedException(EgressReason.UNAUTHENTICATED, ""));
    }

    /// Lets a connection out of a sandbox in, until [#leave].
    public Outlet enter(SandboxId sandbox, Connection door) {
        var outlet = outlets.compute(sandbox, (id, there) -> {
            var one = there == null ? new Outlet(id, limits) : there;
            one.enter(door);
            return one;
        });
        if (closed) {
            door.close();
        }
        return outlet;
    }

    /// An outlet stays while its sandbox runs, for what it was refused.
    public void leave(Outlet outlet, Connection door) {
        outlets.computeIfPresent(outlet.sandbox(), (id, there) -> {
            boolean gone = there.leave(door) && known.getIfPresent(id) == null;
            return gone ? null : there;
        });
    }

    public EgressState state(SandboxId sandbox) {
        var outlet = outlets.get(sandbox);
        return outlet == null ? EgressState.NOTHING : outlet.state();
    }

    /// Must not wait: the watcher's thread is one for all sandboxes.
    private void judgeAnew(SandboxId sandbox) {
        var outlet = outlets.get(sandbox);
        if (outlet != null) {
            var _ = Thread.ofVirtual().name("judge-" + sandbox).start(() -> judge(outlet));
        }
    }

    private void judge(Outlet outlet) {
        var deadline = Deadline.after(UNDECIDED_MAX);
        while (!closed) {
            try {
                var now = find(outlet.sandbox());
                outlet.judge(now);
                if (now.isEmpty()) {
                    outlets.remove(outlet.sandbox(), outlet);
                }
                return;
            } catch (RefusedException e) {
                if (deadline.passed()) {
                    outlet.cutAll(e.reason());
                    return;
                }
                LockSupport.parkNanos(UNDECIDED_STEP.toNanos());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            watch.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the watch of sessions: {0}", e.toString());
        }
        outlets.values().forEach(outlet -> outlet.cutAll(EgressReason.POLICY_UNAVAILABLE));
    }
}
