package io.sallyport.relay;

import io.sallyport.relay.boot.Guard;
import io.sallyport.relay.boot.RelayBoot;
import io.sallyport.relay.boot.RelayConfig;
import io.sallyport.relay.boot.RelayState;
import io.sallyport.relay.env.Environment;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.egress.EgressVariables;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/// A program that is nothing but the relay: beside a command that it runs, or for whoever reads its variables.
///
/// What it needs to know stands in the environment, see [EgressVariables].
///
/// - **Threads**: [#run] keeps the calling one until the command has ended, or for ever.
public final class RelayProgram {
    public static final int PORT_DEFAULT = EgressPorts.PROXY;
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    private static final int PORT_MAX = 65_535;

    private RelayProgram() {}

    /// What it is told.
    ///
    /// @param listen port on 127.0.0.1; 0: any
    /// @param directory where certificates are written and the token's file is; empty: that of a sandbox
    /// @param required run nothing without the relay
    /// @param printEnvironment say the variables as lines of a shell
    /// @param command with its arguments; empty: none
    public record Options(
            int listen, Optional<Path> directory, boolean required, boolean printEnvironment, List<String> command) {
        public Options {
            if (listen < 0 || listen > PORT_MAX) {
                throw new IllegalArgumentException("--listen: " + listen + " (expected: 0 to " + PORT_MAX + ")");
            }
            command = List.copyOf(command);
        }
    }

    /// Runs and gives the exit code: the command's where there is one.
    public static int run(Options options, Map<String, String> variables, PrintStream out, PrintStream err) {
        Guard.startAgainWithAttachOff().ifPresent(problem -> err.println("relay: " + problem));
        var own = new HashMap<>(variables);
        if (options.required()) {
            own.put(EgressVariables.REQUIRED, "1");
        }
        var config = options.directory()
                .map(RelayConfig::in)
                .orElse(RelayConfig.CONTAINER)
                .withProxyPort(options.listen());
        var runtime = Runtime.getRuntime();
        try (var relay = new RelayBoot(config, own, stop -> runtime.addShutdownHook(new Thread(stop, "relay-stop")))) {
            var state = relay.start();
            boolean running = state instanceof RelayState.Enabled;
            if (!running) {
                err.println("relay: " + state.id() + ": " + state.why());
                if (options.required()) {
                    return FAILED;
                }
            }
            if (options.printEnvironment()) {
                out.print(exports(state.environment()));
                out.flush();
            }
            if (!options.command().isEmpty()) {
                return runCommand(options.command(), state.environment(), variables, err);
            }
            return running ? waitForEver() : FAILED;
        }
    }

    /// As lines that a shell reads.
    static String exports(Map<String, String> environment) {
        var lines = new StringBuilder();
        new TreeMap<>(environment)
                .forEach((key, value) -> lines.append("export ")
                        .append(key)
                        .append("='")
                        .append(value.replace("'", "'\\''"))
                        .append("'\n"));
        return lines.toString();
    }

    private static int runCommand(
            List<String> command, Map<String, String> environment, Map<String, String> variables, PrintStream err) {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(Environment.under(environment, withoutGates(variables)));
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            err.println("relay: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// What is for the relay alone is nobody else's.
    private static Map<String, String> withoutGates(Map<String, String> variables) {
        var rest = new HashMap<>(variables);
        EgressVariables.ALL.forEach(rest::remove);
        return rest;
    }

    private static int waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return OK;
    }
}
