package io.sallyport.app;

import io.sallyport.agent.Agent;
import io.sallyport.agent.AgentConfig;
import io.sallyport.agent.inbound.PathServer;
import io.sallyport.cli.Settings;
import io.sallyport.control.Control;
import io.sallyport.control.ControlConfig;
import io.sallyport.control.rpc.ControlServer;
import io.sallyport.control.rpc.Hosts;
import io.sallyport.egress.EgressGateway;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.tunnel.TunnelDialer;
import io.sallyport.kit.Closer;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostAgentClient;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsDialer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The wiring of everything in one JVM: the gateway dials through the agent by a method call, and asks the
/// control plane by another.
///
/// - **Closes**: [#close()] stops in the reverse order. Sandboxes are paused and go on with the next start.
public final class Platform implements Closeable {
    private static final Duration DRAIN_WAIT = Duration.ofSeconds(30);
    private static final Duration DIAL_WAIT = Duration.ofSeconds(5);

    private final Closer closer;
    private final Credentials credentials;
    private final @Nullable Gateway gateway;
    private @Nullable PathServer paths;

    private Platform(PlatformConfig config, Consumer<String> progress, Closer closer)
            throws IOException, HostException {
        this.closer = closer;
        try {
            var home = closer.register(Home.open(config.home()));
            progress.accept("database");
            var database = config.database().isPresent()
                    ? config.database().get()
                    : closer.register(EmbeddedDatabase.start(home.database())).address();
            var door = new LateDoor();
            Agent agent = null;
            if (config.agent().isPresent()) {
                progress.accept("host agent");
                var local = config.agent().get();
                agent = closer.register(
                        Agent.start(new AgentConfig(home.agent(), local.runtime(), local.guestImage()), door));
                if (!local.paths().isEmpty()) {
                    paths = closer.register(PathServer.start(local.paths(), agent.dialer()));
                }
            }
            progress.accept("control plane");
            var controlConfig = new ControlConfig(
                    database,
                    config.domain(),
                    home.tokenSeed(),
                    home.secretsKey(),
                    config.egress().otherwise(),
                    config.egress().gateway().privateAllowed());
            var hosts = new Hosts(agent == null ? remoteAgents(config) : Map.of("", agent.host()));
            var control = closer.register(Control.start(controlConfig, hosts));
            progress.accept("egress gateway");
            var egress = closer.register(EgressGateway.start(config.egress().gateway(), control.egressSessions()));
            control.showEgress(egress);
            door.lead(egress);
            credentials = Credentials.ensure(Settings.credentials(config.home()), "http://" + config.domain());
            control.addKey(credentials.key());
            if (config.others().isPresent()) {
                var others = config.others().get();
                closer.register(ControlServer.start(
                        others.listen(), others.identity(), control.routes(), control.address(), door));
            }
            if (config.gateway().isPresent()) {
                progress.accept("gateway");
                var dialer = agent == null
                        ? closer.register(
                                new TunnelDialer(config.others().orElseThrow().identity()))
                        : agent.dialer();
                gateway = closer.register(Gateway.start(
                        config.gateway().get(),
                        control.routes(),
                        dialer,
                        deadline -> SocketConnection.connect(SocketChannel.open(), control.address(), deadline)));
            } else {
                gateway = null;
            }
        } catch (IOException | HostException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    private static Map<String, HostAgent> remoteAgents(PlatformConfig config) {
        var others = config.others().orElseThrow();
        var agents = new TreeMap<String, HostAgent>();
        for (var address : others.agents()) {
            var at = Addresses.hostAndPort(address).orElseThrow();
            var dialer = new TlsDialer(others.identity(), at.host(), at.port(), Role.AGENT);
            agents.put(address, new HostAgentClient(address, () -> dialer.dial(Deadline.after(DIAL_WAIT))));
        }
        return agents;
    }

    /// Starts everything.
    ///
    /// @param progress is told the name of each part before it starts
    /// @param closer stops what was started, also when closed while this still starts
    public static Platform start(PlatformConfig config, Consumer<String> progress, Closer closer)
            throws IOException, HostException {
        return new Platform(config, progress, closer);
    }

    /// The gateway's first address; there must be one in this process.
    public InetSocketAddress address() {
        return Objects.requireNonNull(gateway, "no gateway in this process").address();
    }

    /// Where path mode listens; it must listen in this process.
    public InetSocketAddress pathAddress() {
        return Objects.requireNonNull(paths, "no path mode in this process").address();
    }

    /// Where Prometheus is answered.
    public Optional<InetSocketAddress> metricsAddress() {
        return Objects.requireNonNull(gateway, "no gateway in this process").metricsAddress();
    }

    public Credentials credentials() {
        return credentials;
    }

    /// Lets answers that are under way come to their end. Nothing new is taken.
    public void drain() {
        if (gateway != null) {
            gateway.drain(DRAIN_WAIT);
        }
    }

    @Override
    public void close() {
        closer.close();
    }
}
