package io.sallyport.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport links`
@Command(
        name = "links",
        description = "List the signed links of a sandbox that still open something, newest first.",
        footer = {
            "",
            "Examples:",
            "  sallyport links cl-…",
            "  sallyport links cl-… --json | jq -r '.[].id'",
            "",
            "See also: url --share, link revoke.",
        })
final class LinksCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    record Listed(String id, int port, @Nullable String createdAt, String expiresAt) {}

    @Override
    public Integer call() {
        var answer = ApiClient.open().call("GET", ApiClient.linksPath(id), null);
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(answer.text());
            return ExitCode.OK;
        }
        var now = Instant.now();
        var table = new Table("LINK", "PORT", "CREATED", "TIME LEFT");
        for (var link : answer.asList(Listed.class)) {
            table.row(
                    link.id(),
                    Integer.toString(link.port()),
                    Durations.ago(link.createdAt(), now),
                    Durations.shortText(Duration.between(now, Instant.parse(link.expiresAt()))));
        }
        table.print(out);
        return ExitCode.OK;
    }
}
