package io.sallyport.app;

import io.sallyport.agent.Agent;
import io.sallyport.agent.AgentConfig;
import io.sallyport.agent.inbound.PathServer;
import io.sallyport.agent.outbound.EgressTunnel;
import io.sallyport.agent.rpc.AgentServer;
import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.cli.HostChecks;
import io.sallyport.kit.Closer;
import io.sallyport.kit.config.Config;
import io.sallyport.kit.config.ConfigException;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsDialer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `sallyport agent`
@Command(
        name = "agent",
        description = {
            "Run sandboxes on this machine for a control plane elsewhere. Stays in the foreground.",
            "Ctrl-C stops it; its sandboxes are paused then and go on with the next start."
        },
        footer = {
            "",
            "Settings: tls.certificate, tls.key, tls.authority, agent.listen, agent.path-listen, agent.home,",
            "agent.runtime, control.address (through which sandboxes reach the outside).",
            "",
            "Example:",
            "  sallyport agent --config /etc/sallyport/agent.conf",
        })
final class AgentCommand implements Callable<Integer> {
    private static final String LISTEN = "localhost:7443";
    private static final String CONTROL = "localhost:7444";
    private static final Path HOME = Path.of("/var/lib/sallyport");

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, one name = value a line.")
    private @Nullable Path configFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Programs.require(HostChecks.java());
        Programs.letInteractiveGoFirst();
        Programs.require(HostChecks.root());
        try {
            var config = Config.of(configFile, System.getenv(), Map.of());
            var identity = TlsSettings.read(config);
            var listen = config.get("agent.listen", "ADDRESS:PORT, between commas", Addresses::several)
                    .orElseGet(() -> Addresses.listen(LISTEN));
            var home = config.path("agent.home", HOME);
            var paths = config.get("agent.path-listen", "loopback ADDRESS:PORT, between commas", Addresses::several);
            var runtime = config.text("agent.runtime", "the program of an OCI runtime")
                    .orElse("runc");
            var control = config.get("control.address", "HOST:PORT", Addresses::hostAndPort)
                    .orElseGet(() -> Addresses.hostAndPort(CONTROL).orElseThrow());
            config.finish();
            Programs.require(HostChecks.runtime(runtime));
            var closer = new Closer();
            var stopped = Programs.onStop(closer::close);
            var directory = closer.register(Home.open(home));
            var egress = new EgressTunnel(new TlsDialer(identity, control.host(), control.port(), Role.CONTROL));
            var agent = closer.register(
                    Agent.start(new AgentConfig(directory.agent(), runtime, Programs.guestImage()), egress));
            if (paths.isPresent()) {
                closer.register(PathServer.start(paths.get(), agent.dialer()));
            }
            var server = closer.register(AgentServer.start(listen, identity, agent.host(), agent.dialer()));
            spec.commandLine().getOut().println("ready " + Addresses.text(server.address()));
            Programs.await(stopped);
            return ExitCode.OK;
        } catch (ConfigException | IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException | HostException e) {
            throw new CliException(ExitCode.FAILED, "cannot start: " + e.getMessage());
        }
    }
}
