package io.sallyport.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport create`
@Command(
        name = "create",
        description = "Create a sandbox and print its id.",
        footer = {
            "",
            "Examples:",
            "  sallyport create",
            "  sallyport create --template debian --timeout 1h -e TZ=UTC",
            "  sallyport create --no-internet",
            "  sallyport create --egress policy.json",
            "  sallyport create --private --json | jq -r .trafficAccessToken",
        })
final class CreateCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @Mixin
    private JsonOption output;

    @Mixin
    private SandboxOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var created = ApiClient.open().callJson("POST", "/v2/sandboxes", options.toRequest(TIMEOUT));
        var text = output.json
                ? created.text()
                : created.as(ApiClient.Sandbox.class).sandboxID();
        spec.commandLine().getOut().println(text);
        return ExitCode.OK;
    }
}
