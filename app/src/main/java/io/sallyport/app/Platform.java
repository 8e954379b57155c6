package io.sallyport.app;

import io.sallyport.agent.Agent;
import io.sallyport.agent.AgentConfig;
import io.sallyport.cli.Settings;
import io.sallyport.control.Control;
import io.sallyport.control.ControlConfig;
import io.sallyport.gateway.Gateway;
import io.sallyport.kit.Closer;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.net.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

/// The wiring of everything in one JVM: the gateway dials through the agent by a method call, and asks the
/// control plane by another.
///
/// - **Closes**: [#close()] stops in the reverse order. Sandboxes are paused and go on with the next start.
public final class Platform implements Closeable {
    private static final Duration DRAIN_WAIT = Duration.ofSeconds(30);

    private final Closer closer;
    private final Credentials credentials;
    private final Gateway gateway;

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
            gateway = closer.register(Gateway.start(
                    config.gateway(),
                    control.routes(),
                    agent.dialer(),
                    deadline -> SocketConnection.connect(SocketChannel.open(), control.address(), deadline)));
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
        return gateway.address();
    }

    public Credentials credentials() {
        return credentials;
    }

    /// Lets answers that are under way come to their end. Nothing new is taken.
    public void drain() {
        gateway.drain(DRAIN_WAIT);
    }

    @Override
    public void close() {
        closer.close();
    }
}
