package io.sallyport.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sallyport port`
@Command(
        name = "port",
        description = "Who may reach a port of a sandbox, and what its app is told.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PortCommand.Set.class, PortCommand.Reset.class})
final class PortCommand {
    private PortCommand() {}

    /// What a port shall be; what is null becomes what it is without anybody's wish.
    record Wish(
            @Nullable String visibility,
            @Nullable String host,
            @Nullable String origin) {}

    /// `sallyport port set`
    @Command(
            name = "set",
            description = "Change a port. What is not given stays as it is; the ports command shows how that is.",
            footer = {
                "",
                "Examples:",
                "  sallyport port set cl-… 3000 --access private",
                "  sallyport port set cl-… 5173 --host loopback --origin match",
                "  sallyport port set cl-… 8080 --host app.test:8080",
            })
    static final class Set implements Callable<Integer> {
        private static final List<String> ACCESS = List.of("public", "private");
        private static final List<String> ORIGIN = List.of("keep", "match", "strip");

        @Option(
                names = "--access",
                paramLabel = "public|private",
                description = "Open to everybody who knows the address, or only with a key, a token or a signed link.")
        private @Nullable String access;

        @Option(
                names = "--host",
                paramLabel = "keep|loopback|HOST[:PORT]",
                description =
                        "The Host the app gets: what the client said, localhost and the port, or a name of its own.")
        private @Nullable String host;

        @Option(
                names = "--origin",
                paramLabel = "keep|match|strip",
                description = "The Origin the app gets: what the client said, one that fits Host, or none.")
        private @Nullable String origin;

        @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
        private String id;

        @Parameters(index = "1", paramLabel = "PORT", description = "1 to 65535.")
        private int port;

        @Override
        public Integer call() {
            UrlCommand.checkPort(port);
            check("--access", access, ACCESS);
            check("--origin", origin, ORIGIN);
            if (access == null && host == null && origin == null) {
                throw new CliException(
                        ExitCode.USAGE, "port set: what shall change? (expected: --access, --host or --origin)");
            }
            var api = ApiClient.open();
            api.call("PUT", path(id, port), wish(api));
            return ExitCode.OK;
        }

        /// The API takes all wishes at once and forgets those it is not told again.
        private Wish wish(ApiClient api) {
            var now = api.call("GET", PortsCommand.path(id), null).asList(PortsCommand.Listed.class).stream()
                    .filter(listed -> listed.port() == port)
                    .findFirst()
                    .orElse(null);
            if (now == null) {
                return new Wish(access, host, origin);
            }
            var visibility = access == null && ACCESS.contains(now.visibility()) ? now.visibility() : access;
            // Without a wish it stays to be found out, unless somebody has pinned it.
            if (host == null && origin == null && !now.pinned()) {
                return new Wish(visibility, null, null);
            }
            return new Wish(visibility, host == null ? now.host() : host, origin == null ? now.origin() : origin);
        }

        private static void check(String option, @Nullable String value, List<String> expected) {
            if (value != null && !expected.contains(value)) {
                throw new CliException(
                        ExitCode.USAGE, option + ": " + value + " (expected: " + String.join(", ", expected) + ")");
            }
        }
    }

    /// `sallyport port reset`
    @Command(
            name = "reset",
            description = {
                "Make a port what it is when nobody has set anything.",
                "Its access becomes that of the sandbox, and its headers are found out again."
            },
            footer = {"", "Example:", "  sallyport port reset cl-… 3000"})
    static final class Reset implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
        private String id;

        @Parameters(index = "1", paramLabel = "PORT", description = "1 to 65535.")
        private int port;

        @Override
        public Integer call() {
            UrlCommand.checkPort(port);
            ApiClient.open().call("DELETE", path(id, port), null);
            return ExitCode.OK;
        }
    }

    private static String path(String id, int port) {
        return PortsCommand.path(id) + "/" + port;
    }
}
