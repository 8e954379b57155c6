package io.sallyport.relay.boot;

import io.sallyport.relay.boot.Steps.FailedException;
import io.sallyport.relay.env.Environment;
import io.sallyport.rpc.json.RecordJson;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings the relay up, step by step ([Step]), and says what processes are to find in their environment.
///
/// A failed step ends the start: what it opened is closed, one warning is logged, and [#environment()] is empty, so
/// that processes run without a way out; where whoever made the sandbox wants it so, none may run. The token's file
/// is still there then, and another [#start()] can succeed.
///
/// - **Threads**: any. Whoever starts while another starts waits for that start's end.
/// - **Limits**: [RelayConfig#caWait()] and [RelayConfig#canaryWait()].
/// - **Closes**: [#close()] ends listeners, tunnels and the token; afterwards nothing starts.
public final class RelayBoot implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RelayBoot.class.getName());

    private final RelayConfig config;
    private final Map<String, String> variables;
    private final Proxy.Starter proxies;
    private final Consumer<Runnable> atExit;
    private final Consumer<Step> before;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile RelayState state = new RelayState.New();
    private volatile Steps steps = new Steps(step -> {});
    private volatile @Nullable Attempt current;
    private volatile String sessionId = "";
    private volatile boolean closed;

    /// A relay that has not been started.
    ///
    /// @param variables the environment of this program
    /// @param atExit is given what must run when the program ends
    public RelayBoot(RelayConfig config, Map<String, String> variables, Consumer<Runnable> atExit) {
        this(config, variables, TunnelProxy::start, atExit, step -> {});
    }

    /// @param before called before each step; what it throws is the step's failure
    RelayBoot(
            RelayConfig config,
            Map<String, String> variables,
            Proxy.Starter proxies,
            Consumer<Runnable> atExit,
            Consumer<Step> before) {
        this.config = config;
        this.variables = Map.copyOf(variables);
        this.proxies = proxies;
        this.atExit = atExit;
        this.before = before;
    }

    /// Starts the relay, unless it runs. Blocks; does not throw.
    public RelayState start() {
        starting.lock();
        try {
            if (!closed && !(state instanceof RelayState.Enabled)) {
                steps = new Steps(before);
                state = attempt();
            }
            return state;
        } finally {
            starting.unlock();
        }
    }

    public RelayState state() {
        return state;
    }

    /// Whether no process may run unless the relay does.
    public boolean required() {
        return switch (Gates.of(variables)) {
            case Gates.Closed closedGate -> false;
            case Gates.Broken broken -> broken.required();
            case Gates.Open open -> open.required();
        };
    }

    /// What every process is to find in its environment; see [Environment#under].
    public Map<String, String> environment() {
        return state.environment();
    }

    private RelayState attempt() {
        return switch (Gates.of(variables)) {
            case Gates.Closed(var why) -> new RelayState.Off(why, Environment.inherited(variables));
            case Gates.Broken(var why, boolean required) -> failed(new RelayState.Failed(Step.GATES, why, required));
            case Gates.Open open -> attempt(open);
        };
    }

    private RelayState attempt(Gates.Open gates) {
        sessionId = gates.sessionId();
        var attempt = new Attempt(config, gates, steps, proxies, this::status, atExit);
        current = attempt;
        boolean enabled = false;
        try {
            steps.run(Step.GATES, () -> gates);
            var reached = attempt.run();
            enabled = reached instanceof RelayState.Enabled;
            return reached;
        } catch (FailedException e) {
            return failed(new RelayState.Failed(e.step(), e.detail(), gates.required()));
        } finally {
            if (!enabled) {
                attempt.close();
                current = null;
            }
        }
    }

    private static RelayState failed(RelayState.Failed failed) {
        LOG.log(
                Level.WARNING,
                "no way out of this sandbox: {0}: {1}",
                failed.step().id(),
                failed.detail());
        return failed;
    }

    /// The status document, as JSON.
    public byte[] status() {
        var attempt = current;
        return RecordJson.write(new RelayStatus(
                state.id(),
                state.why(),
                required(),
                sessionId,
                attempt == null ? 0 : attempt.port(),
                attempt != null && attempt.transparent(),
                attempt != null && attempt.resolver(),
                attempt == null ? null : attempt.tunnels(),
                config.caBundle().toString(),
                config.trustStore().toString(),
                Environment.NO_PROXY,
                steps.results(),
                attempt == null ? List.of() : attempt.recentFailures()));
    }

    @Override
    public void close() {
        closed = true;
        starting.lock();
        try {
            var attempt = current;
            if (attempt != null) {
                attempt.close();
                current = null;
                state = new RelayState.Off("the relay has been stopped", Map.of());
            }
        } finally {
            starting.unlock();
        }
    }
}
