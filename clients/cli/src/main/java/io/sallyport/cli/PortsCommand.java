package io.sallyport.cli;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport ports`
@Command(
        name = "ports",
        description = {
            "List the ports of a sandbox: what listens, who may reach it, what it is told, and what went through.",
            "HOST/ORIGIN is what the app finds in these headers, and in brackets why."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport ports cl-…",
            "  sallyport ports cl-… --json | jq '.[] | select(.failed > 0)'",
            "",
            "See also: port set, port reset.",
        })
final class PortsCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    /// A port as the platform shows it.
    ///
    /// @param guess what speaks there
    /// @param visibility `public`, `private`, or `token` for the guest daemon's
    /// @param profile why `host` and `origin` are what they are: `pinned`, what was recognised, or empty
    /// @param activeAt null: never
    record Listed(
            int port,
            List<String> addresses,
            String process,
            String guess,
            String visibility,
            String host,
            String origin,
            String profile,
            long exchanges,
            long failed,
            String lastOutcome,
            @Nullable String activeAt) {
        boolean pinned() {
            return profile.equals("pinned");
        }

        /// `keep`, `loopback/match (vite)`.
        String headers() {
            boolean kept = host.equals("keep") && origin.equals("keep");
            var both = kept ? host : host + "/" + origin;
            return profile.isEmpty() ? both : both + " (" + profile + ")";
        }
    }

    @Override
    public Integer call() {
        var answer = ApiClient.open().call("GET", path(id), null);
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(answer.text());
            return ExitCode.OK;
        }
        var now = Instant.now();
        var table = new Table(
                "PORT",
                "ADDRESS",
                "PROCESS",
                "PROTOCOL",
                "ACCESS",
                "HOST/ORIGIN",
                "REQUESTS",
                "FAILED",
                "LAST OUTCOME",
                "ACTIVE");
        for (var port : answer.asList(Listed.class)) {
            table.row(
                    Integer.toString(port.port()),
                    String.join(", ", port.addresses()),
                    port.process(),
                    port.guess(),
                    port.visibility(),
                    port.headers(),
                    Long.toString(port.exchanges()),
                    Long.toString(port.failed()),
                    port.lastOutcome(),
                    Durations.ago(port.activeAt(), now));
        }
        table.print(out);
        return ExitCode.OK;
    }

    static String path(String id) {
        return "/sallyport/sandboxes/" + ApiClient.checked(id) + "/ports";
    }
}
