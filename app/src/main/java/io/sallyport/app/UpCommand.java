package io.sallyport.app;

import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.cli.HostChecks;
import io.sallyport.cli.Settings;
import io.sallyport.kit.Closer;
import io.sallyport.kit.config.Config;
import io.sallyport.kit.config.ConfigException;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.net.Listener;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `sallyport up`
@Command(
        name = "up",
        description = {
            "Start everything on this machine: gateway, control plane, host agent, database. Stays in the foreground.",
            "Ctrl-C stops it; sandboxes are paused then and go on with the next start."
        },
        footer = {
            "",
            "Environment: SALLYPORT_HOME, SALLYPORT_DATABASE_URL.",
            "",
            "Examples:",
            "  sallyport up",
            "  sallyport up --listen 0.0.0.0:80 --domain box.example.com --database-url postgres://sp:secret@db/sp",
        })
final class UpCommand implements Callable<Integer> {
    private static final Set<String> PARTS = Set.of("agent", "gateway");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?");

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, one name = value a line.")
    private @Nullable Path configFile;

    @Option(names = "--home", paramLabel = "DIR", description = "Where all state is kept. Default: ~/.sallyport.")
    private @Nullable Path home;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT[,…]",
            description = "Where the gateway listens. Default: 127.0.0.1:8000,[::1]:8000.")
    private @Nullable String listen;

    @Option(
            names = "--domain",
            paramLabel = "NAME[:PORT]",
            description = "What sandbox addresses end with, as people reach it. Default: localhost and the port.")
    private @Nullable String domain;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "A PostgreSQL to use. Default: one of our own, under the home directory.")
    private @Nullable String databaseUrl;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description = "The OCI runtime: runc, crun, runsc. Default: runc.")
    private String runtime = "runc";

    @Option(
            names = "--without",
            split = ",",
            paramLabel = "PART[,…]",
            description = "Leave out what runs apart: agent, or agent,gateway.")
    private List<String> without = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Programs.require(HostChecks.java());
        Programs.letInteractiveGoFirst();
        Programs.require(HostChecks.root());
        if (!without.contains("agent")) {
            Programs.require(HostChecks.runtime(runtime));
        }
        var config = config();
        var progress = new Progress(System.err);
        var closer = new Closer();
        var started = new AtomicReference<@Nullable Platform>();
        var stopped = Programs.onStop(() -> {
            var running = started.get();
            if (running != null) {
                running.drain();
            }
            closer.close();
        });
        Platform platform;
        try {
            platform = Platform.start(config, progress::begin, closer);
            started.set(platform);
        } catch (Home.InUseException e) {
            throw new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (IOException | HostException | RuntimeException e) {
            throw new CliException(ExitCode.FAILED, "cannot start (" + progress.current() + "): " + rootMessage(e));
        }
        progress.end();
        announce(config, platform);
        Programs.await(stopped);
        return ExitCode.OK;
    }

    private PlatformConfig config() {
        var environment = System.getenv();
        var chosenHome = (home == null ? Settings.home(environment) : home)
                .toAbsolutePath()
                .normalize();
        var url = databaseUrl != null ? databaseUrl : environment.getOrDefault("SALLYPORT_DATABASE_URL", "");
        try {
            var wanted = Addresses.listen(listen == null ? "localhost:8000" : listen);
            // A gateway elsewhere has them already.
            var addresses = without.contains("gateway") ? wanted : free(wanted, listen == null);
            var chosenDomain = domain != null
                    ? domain
                    : "localhost:" + addresses.getFirst().getPort();
            if (!DOMAIN.matcher(chosenDomain).matches()) {
                throw new IllegalArgumentException("--domain: \"" + chosenDomain
                        + "\" (expected: NAME or NAME:PORT, for example box.example.com)");
            }
            Files.createDirectories(chosenHome);
            var settings = Config.of(configFile, environment, Map.of());
            boolean apart = checkedWithout();
            var others = apart ? Optional.of(others(settings)) : Optional.<PlatformConfig.Others>empty();
            var gateway = GatewaySettings.read(
                    settings, addresses, PlatformConfig.nameOf(chosenDomain), Home.accessLog(chosenHome));
            var paths = settings.get("agent.path-listen", "loopback ADDRESS:PORT, between commas", Addresses::several)
                    .orElse(List.of());
            var egress = EgressSettings.read(settings, chosenHome);
            settings.finish();
            return new PlatformConfig(
                    chosenHome,
                    chosenDomain,
                    url.isEmpty() ? Optional.empty() : Optional.of(Addresses.database(url)),
                    without.contains("agent")
                            ? Optional.empty()
                            : Optional.of(new PlatformConfig.LocalAgent(runtime, Programs.guestImage(), paths)),
                    without.contains("gateway") ? Optional.empty() : Optional.of(gateway),
                    others,
                    egress);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "home " + chosenHome + ": " + e.getMessage());
        } catch (IllegalArgumentException | ConfigException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /// Whether parts run apart. A gateway elsewhere cannot reach an agent in this process.
    private boolean checkedWithout() {
        for (var part : without) {
            if (!PARTS.contains(part)) {
                throw new IllegalArgumentException("--without: " + part + " (expected: agent, or agent,gateway)");
            }
        }
        if (without.contains("gateway") && !without.contains("agent")) {
            throw new IllegalArgumentException(
                    "--without gateway (expected: agent,gateway; a gateway elsewhere needs agents elsewhere)");
        }
        return !without.isEmpty();
    }

    private static PlatformConfig.Others others(Config settings) {
        var agents = settings.list(
                        "control.agents",
                        "HOST:PORT of each agent, between commas",
                        text -> Addresses.hostAndPort(text).map(String::valueOf))
                .orElse(List.of("localhost:7443"));
        var listen = settings.get("control.listen", "ADDRESS:PORT, between commas", Addresses::several)
                .orElseGet(() -> Addresses.listen("localhost:7444"));
        return new PlatformConfig.Others(TlsSettings.read(settings), listen, agents);
    }

    /// The addresses, with a port where 0 was asked for. IPv6 may be missing where nobody asked for it.
    private List<InetSocketAddress> free(List<InetSocketAddress> wanted, boolean byDefault) {
        var found = new ArrayList<InetSocketAddress>();
        for (var address : wanted) {
            int port = address.getPort() == 0 && !found.isEmpty()
                    ? found.getFirst().getPort()
                    : address.getPort();
            var exact = new InetSocketAddress(address.getAddress(), port);
            var check = HostChecks.port(exact);
            if (check.ok()) {
                found.add(port == 0 ? chosenBySystem(exact) : exact);
            } else if (byDefault
                    && address.getAddress() instanceof Inet6Address
                    && check.found().contains("assign")) {
                spec.commandLine().getErr().println("  ! no IPv6 here: listening on 127.0.0.1 only");
            } else {
                Programs.require(check);
            }
        }
        return found;
    }

    private static InetSocketAddress chosenBySystem(InetSocketAddress address) {
        try (var listener = Listener.bind(address)) {
            return listener.address();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "no free port: " + e.getMessage());
        }
    }

    private void announce(PlatformConfig config, Platform platform) {
        var out = spec.commandLine().getOut();
        out.println("ready http://" + config.domain());
        out.println();
        out.println("  API key   " + platform.credentials().file());
        out.println("  try       bin/sallyport run -p 3000 -- python3 -m http.server 3000");
        out.println("            bin/sallyport exec $(bin/sallyport create) -- id");
        out.println("            bin/sallyport ls");
    }

    private static String rootMessage(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
