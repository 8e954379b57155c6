package io.sallyport.app;

import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.cli.HostChecks;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.tunnel.ControlTunnels;
import io.sallyport.gateway.tunnel.TunnelDialer;
import io.sallyport.kit.Closer;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.config.Config;
import io.sallyport.kit.config.ConfigException;
import io.sallyport.rpc.route.RoutesClient;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsDialer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `sallyport gateway`
@Command(
        name = "gateway",
        description = {
            "Run a gateway for a control plane and agents elsewhere. Stays in the foreground; needs no root.",
            "Ctrl-C lets what is under way come to its end and stops it."
        },
        footer = {
            "",
            "Settings: tls.certificate, tls.key, tls.authority, control.address, ingress.listen, ingress.domain,",
            "and those of docs/reference.md.",
            "",
            "Example:",
            "  sallyport gateway --config /etc/sallyport/gateway.conf",
        })
final class GatewayCommand implements Callable<Integer> {
    private static final String LISTEN = "localhost:8000";
    private static final String CONTROL = "localhost:7444";
    private static final Duration DIAL_WAIT = Duration.ofSeconds(5);
    private static final Duration DRAIN_WAIT = Duration.ofSeconds(30);

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, one name = value a line.")
    private @Nullable Path configFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Programs.require(HostChecks.java());
        Programs.letInteractiveGoFirst();
        try {
            var config = Config.of(configFile, System.getenv(), Map.of());
            var identity = TlsSettings.read(config);
            var control = config.get("control.address", "HOST:PORT", Addresses::hostAndPort)
                    .orElseGet(() -> Addresses.hostAndPort(CONTROL).orElseThrow());
            var listen = config.get("ingress.listen", "ADDRESS:PORT, between commas", Addresses::several)
                    .orElseGet(() -> Addresses.listen(LISTEN));
            var domain =
                    config.text("ingress.domain", "a domain name without port").orElse("localhost");
            var settings = GatewaySettings.read(
                    config, listen, domain, Path.of("access.log").toAbsolutePath());
            config.finish();
            var closer = new Closer();
            var tunnels = closer.register(new TunnelDialer(identity));
            var toControl = new TlsDialer(identity, control.host(), control.port(), Role.CONTROL);
            var gateway = closer.register(Gateway.start(
                    settings,
                    new RoutesClient(() -> toControl.dial(Deadline.after(DIAL_WAIT))),
                    tunnels,
                    new ControlTunnels(toControl)));
            var stopped = Programs.onStop(() -> {
                gateway.drain(DRAIN_WAIT);
                closer.close();
            });
            spec.commandLine().getOut().println("ready " + Addresses.text(gateway.address()));
            Programs.await(stopped);
            return ExitCode.OK;
        } catch (ConfigException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot start: " + e.getMessage());
        }
    }
}
