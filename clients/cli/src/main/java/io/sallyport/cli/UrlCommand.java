package io.sallyport.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport url`
@Command(
        name = "url",
        description = {
            "Print the address of a port of a sandbox.",
            "With --share it opens a private port too, to whoever has it, until its time is over or link revoke ends it."
        },
        footer = {
            "",
            "Examples:",
            "  curl $(sallyport url cl-… 3000)",
            "  sallyport url cl-… 3000 --share 1h",
            "",
            "See also: links, link revoke.",
        })
final class UrlCommand implements Callable<Integer> {
    private static final int PORT_MAX = 65535;
    private static final Duration SHARE_MAX = Duration.ofDays(30);

    @Mixin
    private JsonOption output;

    @Option(
            names = "--share",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Make a signed link that opens for this time: 90s, 15m, 2h. At most 720h.")
    private @Nullable Duration share;

    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Parameters(index = "1", paramLabel = "PORT", description = "1 to 65535.")
    private int port;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        checkPort(port);
        if (share != null) {
            return share(share);
        }
        var url = ApiClient.open().sandbox(id).as(ApiClient.Sandbox.class).url(port);
        spec.commandLine().getOut().println(output.json ? "{\"url\":\"" + url + "\"}" : url);
        return ExitCode.OK;
    }

    private int share(Duration time) {
        if (time.isZero() || time.compareTo(SHARE_MAX) > 0) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--share: " + time.toSeconds() + "s (expected: 1s to " + SHARE_MAX.toHours() + "h)");
        }
        var answer = ApiClient.open().share(id, port, (int) time.toSeconds());
        var made = answer.as(ApiClient.MadeLink.class);
        spec.commandLine().getOut().println(output.json ? answer.text() : made.url());
        spec.commandLine()
                .getErr()
                .println("Link " + made.id() + " opens until " + made.expiresAt() + ". To end it before: sallyport link"
                        + " revoke " + id + " " + made.id());
        return ExitCode.OK;
    }

    static void checkPort(int port) {
        if (port < 1 || port > PORT_MAX) {
            throw new CliException(ExitCode.USAGE, "port: " + port + " (expected: 1-" + PORT_MAX + ")");
        }
    }
}
