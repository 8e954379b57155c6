package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport team`
@Command(
        name = "team",
        description = "Who owns sandboxes. No team sees those of another.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TeamCommand.Add.class, TeamCommand.Ls.class})
final class TeamCommand {
    private static final String PATH = "/sallyport/teams";

    private TeamCommand() {}

    record NewTeam(String name) {}

    /// @param operator whether its keys may make teams, and keys of other teams
    record Team(String name, boolean operator) {}

    /// `sallyport team add`
    @Command(
            name = "add",
            description = "Make a team. This needs a key of an operator's team.",
            footer = {"", "Example:", "  sallyport team add web && sallyport key add --team web"})
    static final class Add implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Parameters(paramLabel = "NAME", description = "1 to 63 letters, digits, dots, dashes and underscores.")
        private String name;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var made = ApiClient.open().call("POST", PATH, new NewTeam(name));
            spec.commandLine()
                    .getOut()
                    .println(output.json ? made.text() : made.as(Team.class).name());
            return ExitCode.OK;
        }
    }

    /// `sallyport team ls`
    @Command(
            name = "ls",
            aliases = "list",
            description = "List the teams. This needs a key of an operator's team.",
            footer = {"", "Examples:", "  sallyport team ls", "  sallyport team ls --json | jq -r '.[].name'"})
    static final class Ls implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var answer = ApiClient.open().call("GET", PATH, null);
            var out = spec.commandLine().getOut();
            if (output.json) {
                out.println(answer.text());
                return ExitCode.OK;
            }
            var table = new Table("NAME", "OPERATOR");
            answer.asList(Team.class).forEach(team -> table.row(team.name(), team.operator() ? "yes" : "no"));
            table.print(out);
            return ExitCode.OK;
        }
    }
}
