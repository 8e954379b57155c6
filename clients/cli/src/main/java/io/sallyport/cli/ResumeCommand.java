package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `sallyport resume`
@Command(
        name = "resume",
        description = "Let a paused sandbox go on, for another five minutes.",
        footer = {"", "Example:", "  sallyport resume cl-…"})
final class ResumeCommand implements Callable<Integer> {
    private static final int TIMEOUT_SECONDS = 300;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Override
    public Integer call() {
        ApiClient.open()
                .call(
                        "POST",
                        "/sandboxes/" + ApiClient.checked(id) + "/connect",
                        new ApiClient.Timeout(TIMEOUT_SECONDS));
        return ExitCode.OK;
    }
}
