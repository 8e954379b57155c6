package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport logs`
@Command(
        name = "logs",
        description = "Show a sandbox's log: which commands started and ended, and what detached ones wrote.",
        footer = {"", "Example:", "  sallyport logs cl-… -n 50"})
final class LogsCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "The newest N lines. Default: 1000.")
    private int lines = 1000;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var answer = ApiClient.open().call("GET", "/sandboxes/" + ApiClient.checked(id) + "/logs?limit=" + lines, null);
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(answer.text());
        } else {
            answer.as(ApiClient.Logs.class).logs().forEach(line -> out.println(line.timestamp() + " " + line.line()));
        }
        return ExitCode.OK;
    }
}
