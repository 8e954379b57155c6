package io.sallyport.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport kill`
@Command(
        name = "kill",
        aliases = "rm",
        description = "End sandboxes and remove everything of them.",
        footer = {"", "Examples:", "  sallyport kill cl-… cl-…", "  sallyport kill --all"})
final class KillCommand implements Callable<Integer> {
    @Option(names = "--all", description = "Every sandbox.")
    private boolean all;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The sandboxes.")
    private List<String> ids = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (all == !ids.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "kill: which sandboxes? (expected: ids, or --all)");
        }
        var api = ApiClient.open();
        var chosen = all
                ? LsCommand.pages(api).stream()
                        .flatMap(page -> page.asList(ApiClient.Sandbox.class).stream())
                        .map(ApiClient.Sandbox::sandboxID)
                        .toList()
                : ids;
        int code = ExitCode.OK;
        for (var id : chosen) {
            try {
                api.call("DELETE", "/sandboxes/" + ApiClient.checked(id), null);
            } catch (CliException e) {
                // The others still have to go.
                spec.commandLine().getErr().println("sallyport: " + e.getMessage());
                code = e.exitCode();
            }
        }
        return code;
    }
}
