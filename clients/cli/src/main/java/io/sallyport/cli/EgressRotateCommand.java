package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport egress rotate`
@Command(
        name = "rotate",
        description = {
            "End a sandbox's session token. New connections with it are refused, and what is open is cut, downloads and",
            "WebSockets too, as soon as the egress gateway hears of it: within a second, or within a minute where the",
            "database cannot be reached.",
            "For a token that got into wrong hands: the sandbox's own relay holds the same one, so the sandbox has no",
            "way out either from then on, and gets none again. Its programs go on."
        },
        footer = {"", "Example:", "  sallyport egress rotate cl-…"})
final class EgressRotateCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    record Rotated(long epoch) {}

    @Override
    public Integer call() {
        var answer = ApiClient.open().call("POST", EgressCommand.path(id) + "/rotate", null);
        var out = spec.commandLine().getOut();
        out.println(
                output.json
                        ? answer.text()
                        : "epoch " + answer.as(Rotated.class).epoch());
        return ExitCode.OK;
    }
}
