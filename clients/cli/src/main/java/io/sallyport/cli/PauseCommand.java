package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `sallyport pause`
@Command(
        name = "pause",
        description = "Stop a sandbox where it is: nothing in it runs, nothing is lost.",
        footer = {"", "Example:", "  sallyport pause cl-…"})
final class PauseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Override
    public Integer call() {
        ApiClient.open().call("POST", "/sandboxes/" + ApiClient.checked(id) + "/pause", null);
        return ExitCode.OK;
    }
}
