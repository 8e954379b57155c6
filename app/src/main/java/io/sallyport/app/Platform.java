package io.sallyport.app;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sallyport.agent.Agent;
import io.sallyport.agent.AgentConfig;
import io.sallyport.cli.Settings;
import io.sallyport.control.Control;
import io.sallyport.control.ControlConfig;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.GatewayConfig;
import io.sallyport.gateway.route.Routes;
import io.sallyport.kit.Closer;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.http1.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/// The wiring of everything in one JVM: the gateway dials through the agent by a method call, and asks the control
/// plane by another.
///
/// - **Closes**: [#close()] stops in the reverse order. Sandboxes are paused and go on with the next start.
public final class Platform implements Closeable {
    private static final int DESCRIPTORS_RESERVED = 1024;
    private static final int CONNECTIONS_MIN = 64;
    private static final Logger LOG = System.getLogger(Platform.class.getName());

    private final Closer closer;
    private final Credentials credentials;
    private final InetSocketAddress address;

    private Platform(PlatformConfig config, Consumer<String> progress, Closer closer)
            throws IOException, HostException {
        this.closer = closer;
        try {
            var home = closer.register(Home.open(config.home()));
            progress.accept("database");
            var database = config.database().isPresent()
                    ? config.database().get()
                    : closer.register(EmbeddedDatabase.start(home.database())).address();
            progress.accept("host agent");
            var agent =
                    closer.register(Agent.start(new AgentConfig(home.agent(), config.runtime(), config.guestImage())));
            progress.accept("control plane");
            var controlConfig = new ControlConfig(database, config.domain(), home.tokenSeed());
            var control = closer.register(Control.start(controlConfig, agent.host()));
            credentials = Credentials.ensure(Settings.credentials(config.home()), "http://" + config.domain());
            control.addKey(credentials.key());
            progress.accept("gateway");
            var gatewayConfig = new GatewayConfig(
                    config.listen(),
                    Set.of(config.domainName().toLowerCase(Locale.ROOT)),
                    control.address(),
                    serverLimits(),
                    config.forward());
            var gateway =
                    closer.register(Gateway.start(gatewayConfig, sandbox -> route(control, sandbox), agent.dialer()));
            address = gateway.address();
        } catch (IOException | HostException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    /// Starts everything.
    ///
    /// @param progress is told the name of each part before it starts
    /// @param closer stops what was started, also when closed while this still starts
    public static Platform start(PlatformConfig config, Consumer<String> progress, Closer closer)
            throws IOException, HostException {
        return new Platform(config, progress, closer);
    }

    /// The gateway's first address.
    public InetSocketAddress address() {
        return address;
    }

    public Credentials credentials() {
        return credentials;
    }

    /// Each connection to the gateway can cost two descriptors, and the rest of the program needs some.
    private static HttpServer.Config serverLimits() {
        var limits = HttpServer.Config.DEFAULT;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long affordable = (unix.getMaxFileDescriptorCount() - DESCRIPTORS_RESERVED) / 2;
            int connections = Math.clamp(affordable, CONNECTIONS_MIN, limits.connectionsMax());
            return new HttpServer.Config(limits.headWait(), limits.idle(), connections, limits.limits());
        }
        return limits;
    }

    private static Routes.Route route(Control control, SandboxId id) {
        try {
            var sandbox = control.find(id);
            if (sandbox.isEmpty()) {
                return new Routes.Route.Unknown();
            }
            var state = sandbox.get().state();
            return state == SandboxState.RUNNING
                    ? new Routes.Route.Running()
                    : new Routes.Route.NotRunning(state.name().toLowerCase(Locale.ROOT));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no route for {0}: {1}", id, e.getMessage());
            return new Routes.Route.Undecided();
        }
    }

    @Override
    public void close() {
        closer.close();
    }
}
