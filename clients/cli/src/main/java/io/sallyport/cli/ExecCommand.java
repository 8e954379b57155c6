package io.sallyport.cli;

import io.sallyport.rpc.process.ProcessConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sallyport exec`
@Command(
        name = "exec",
        description = {
            "Run a command in a sandbox with this terminal's input and output, and end with its exit code.",
            "Ctrl-C interrupts the command inside."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport exec cl-… -- ls -l /",
            "  tar c . | sallyport exec cl-… --cwd /srv -u root -- tar x",
        })
final class ExecCommand implements Callable<Integer> {
    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "Who runs it. Default: user.")
    private @Nullable String user;

    @Option(names = "--cwd", paramLabel = "DIR", description = "Where it runs. Default: the user's home.")
    private @Nullable String cwd;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Its environment. May be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The command and its arguments, behind --.")
    private List<String> command;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var sandbox = api.sandbox(id).as(ApiClient.Sandbox.class);
        var config = new ProcessConfig(command.getFirst(), command.subList(1, command.size()), environment, cwd);
        return new Attached(new Guest(api, sandbox, user), config).run(System.in, () -> {});
    }
}
