package io.sallyport.cli;

import io.sallyport.cli.EgressMessages.Status;
import io.sallyport.rpc.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport egress policy`
@Command(
        name = "policy",
        description = {
            "Show a sandbox's policy as JSON, or replace it. A new one acts at once, on what is open as well.",
            "A policy with anything in it that is not understood is refused as a whole."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport egress policy cl-… > policy.json",
            "  sallyport egress policy cl-… --set policy.json",
            "  echo '{\"mode\":\"limited\",\"allow\":[\"pypi.org\",\"*.pythonhosted.org\"]}' \\",
            "      | sallyport egress policy cl-… --set -",
        })
final class EgressPolicyCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Option(names = "--set", paramLabel = "FILE", description = "A policy as JSON; - for standard input.")
    private @Nullable Path file;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        if (file != null) {
            api.callJson("PUT", EgressCommand.path(id), SandboxOptions.read(file));
            return ExitCode.OK;
        }
        var policy =
                api.call("GET", EgressCommand.path(id), null).as(Status.class).policy();
        var json = new String(RecordJson.write(policy), StandardCharsets.UTF_8);
        spec.commandLine().getOut().println(output.json ? json : PrettyJson.of(json));
        return ExitCode.OK;
    }
}
