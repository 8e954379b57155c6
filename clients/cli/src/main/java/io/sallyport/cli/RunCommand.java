package io.sallyport.cli;

import io.sallyport.rpc.process.ProcessConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport run`
@Command(
        name = "run",
        description = {
            "Create a sandbox, run a command in it, and show its output.",
            "When the command ends, or Ctrl-C is pressed, the sandbox is killed. As long as it runs, so does the sandbox.",
            "With --private each address printed is a signed link, which opens for the time the sandbox is given at first."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport run -p 3000 -- python3 -m http.server 3000",
            "  sallyport run -p 8080 --detach -- node server.js",
            "  sallyport run -p 3000 --private --timeout 2h -- npm start",
            "  echo 6*7 | sallyport run -i -- bc",
        })
final class RunCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofHours(1);
    private static final Duration CREATE_WAIT = Duration.ofSeconds(40);
    private static final Duration EXTEND_STEP = Duration.ofMinutes(5);

    @Mixin
    private SandboxOptions options;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "A port the command listens on; its address is printed. May be repeated.")
    private List<Integer> ports = List.of();

    @Option(
            names = {"-d", "--detach"},
            description = "Leave sandbox and command running; print the sandbox's id.")
    private boolean detach;

    @Option(
            names = {"-i", "--interactive"},
            description = "Pass standard input on.")
    private boolean interactive;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "Who runs it. Default: user.")
    private @Nullable String user;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, behind --.")
    private List<String> command;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (int port : ports) {
            UrlCommand.checkPort(port);
        }
        var api = ApiClient.open();
        var sandbox = create(api);
        var addresses = addresses(api, sandbox);
        var guest = new Guest(api, sandbox, user);
        var config = new ProcessConfig(command.getFirst(), command.subList(1, command.size()), Map.of(), null);
        var out = spec.commandLine().getOut();
        if (detach) {
            try {
                Attached.startDetached(guest, config);
            } catch (CliException e) {
                kill(api, sandbox);
                throw e;
            }
            out.println(sandbox.sandboxID());
        }
        addresses.forEach(out::println);
        if (detach) {
            return ExitCode.OK;
        }
        try (var clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("extend").factory())) {
            extend(clock, api, sandbox);
            try {
                return new Attached(guest, config).run(interactive ? System.in : null, () -> kill(api, sandbox));
            } finally {
                clock.shutdownNow();
                kill(api, sandbox);
            }
        }
    }

    /// Creates the sandbox, and kills it when we are interrupted before anybody else looks after it.
    private ApiClient.Sandbox create(ApiClient api) {
        var created = new CompletableFuture<ApiClient.Sandbox>();
        var interrupted = new Thread(() -> {
            try {
                kill(api, created.get(CREATE_WAIT.toSeconds(), TimeUnit.SECONDS));
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                // There is none.
            }
        });
        if (!detach) {
            Runtime.getRuntime().addShutdownHook(interrupted);
        }
        try {
            created.complete(api.create(options.toRequest(TIMEOUT)));
        } catch (CliException e) {
            created.completeExceptionally(e);
            throw e;
        }
        return created.join();
    }

    /// Where the ports are. The plain address of a private one answers nobody who only has that.
    private List<String> addresses(ApiClient api, ApiClient.Sandbox sandbox) {
        if (!options.isPrivate) {
            return ports.stream().map(sandbox::url).toList();
        }
        int seconds = options.seconds(TIMEOUT);
        try {
            return ports.stream()
                    .map(port -> api.share(sandbox.sandboxID(), port, seconds)
                            .as(ApiClient.MadeLink.class)
                            .url())
                    .toList();
        } catch (CliException e) {
            kill(api, sandbox);
            throw e;
        }
    }

    private void extend(ScheduledExecutorService clock, ApiClient api, ApiClient.Sandbox sandbox) {
        var timeout = new ApiClient.Timeout(options.seconds(TIMEOUT));
        var path = "/sandboxes/" + sandbox.sandboxID() + "/timeout";
        if (options.timeout == null) {
            long step = EXTEND_STEP.toSeconds();
            var _ = clock.scheduleAtFixedRate(() -> extendOnce(api, path, timeout), step, step, TimeUnit.SECONDS);
        }
    }

    private static void extendOnce(ApiClient api, String path, ApiClient.Timeout timeout) {
        try {
            api.call("POST", path, timeout);
        } catch (CliException e) {
            // The next time may work; the sandbox has most of an hour left.
        }
    }

    private static void kill(ApiClient api, ApiClient.Sandbox sandbox) {
        try {
            api.call("DELETE", "/sandboxes/" + sandbox.sandboxID(), null);
        } catch (CliException e) {
            // It is gone already, or the platform is; then its time ends it.
        }
    }
}
