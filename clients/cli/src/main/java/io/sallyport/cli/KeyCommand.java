package io.sallyport.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport key`
@Command(
        name = "key",
        description = "What opens the API, and private ports, to a team.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyCommand.Add.class, KeyCommand.Ls.class, KeyCommand.Revoke.class})
final class KeyCommand {
    private static final String PATH = "/sallyport/keys";

    private KeyCommand() {}

    record NewKey(@Nullable String team, @Nullable String name) {}

    /// A key, this once. Prints redacted.
    record MadeKey(String id, String team, String name, String key) {
        @Override
        public String toString() {
            return "MadeKey[id=" + id + ", team=" + team + ", name=" + name + ", key=set]";
        }
    }

    /// A key as it is known afterwards.
    ///
    /// @param revokedAt null while it opens
    record Key(
            String id,
            String team,
            String name,
            @Nullable String createdAt,
            @Nullable String revokedAt) {}

    /// `sallyport key add`
    @Command(
            name = "add",
            description = {
                "Make a key and print it, alone. It is shown this once: nobody can read it again.",
                "Keys of other teams need a key of an operator's team."
            },
            footer = {
                "",
                "Examples:",
                "  SALLYPORT_API_KEY=$(sallyport key add --name ci) sallyport ls",
                "  sallyport key add --team web --json | jq -r .key",
            })
    static final class Add implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Option(names = "--team", paramLabel = "NAME", description = "Whose it is. Default: the team of our own key.")
        private @Nullable String team;

        @Option(names = "--name", paramLabel = "NAME", description = "What it is for, to know it again.")
        private @Nullable String name;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var answer = ApiClient.open().call("POST", PATH, new NewKey(team, name));
            var made = answer.as(MadeKey.class);
            spec.commandLine().getOut().println(output.json ? answer.text() : made.key());
            spec.commandLine()
                    .getErr()
                    .println("The key is shown this once. To revoke it: sallyport key revoke " + made.id());
            return ExitCode.OK;
        }
    }

    /// `sallyport key ls`
    @Command(
            name = "ls",
            aliases = "list",
            description = "List a team's keys, oldest first, without what opens.",
            footer = {"", "Examples:", "  sallyport key ls", "  sallyport key ls --team web"})
    static final class Ls implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Option(names = "--team", paramLabel = "NAME", description = "Whose. Default: the team of our own key.")
        private @Nullable String team;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var query = team == null ? "" : "?team=" + URLEncoder.encode(team, StandardCharsets.UTF_8);
            var answer = ApiClient.open().call("GET", PATH + query, null);
            var out = spec.commandLine().getOut();
            if (output.json) {
                out.println(answer.text());
                return ExitCode.OK;
            }
            var now = Instant.now();
            var table = new Table("ID", "TEAM", "NAME", "CREATED", "REVOKED");
            for (var key : answer.asList(Key.class)) {
                table.row(
                        key.id(),
                        key.team(),
                        key.name(),
                        Durations.ago(key.createdAt(), now),
                        Durations.ago(key.revokedAt(), now));
            }
            table.print(out);
            return ExitCode.OK;
        }
    }

    /// `sallyport key revoke`
    @Command(
            name = "revoke",
            description = "End a key. Within a second it opens nothing any more.",
            footer = {"", "Example:", "  sallyport key revoke 0f0d5c8a-…"})
    static final class Revoke implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The key's id, as key ls shows it.")
        private String id;

        @Override
        public Integer call() {
            ApiClient.open().call("DELETE", PATH + "/" + checked(id), null);
            return ExitCode.OK;
        }

        private static String checked(String id) {
            if (id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
                return id;
            }
            // Who gives the key itself does not want to find it in a log.
            var shown = id.matches("(spk|e2b)_.*") ? "the key itself" : id;
            throw new CliException(ExitCode.USAGE, "key: " + shown + " (expected: its id, as key ls shows it)");
        }
    }
}
