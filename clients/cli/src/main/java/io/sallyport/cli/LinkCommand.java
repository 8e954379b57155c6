package io.sallyport.cli;

import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/// `sallyport link`
@Command(
        name = "link",
        description = "A signed link to a port of a sandbox; url --share makes one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = LinkCommand.Revoke.class)
final class LinkCommand {
    private LinkCommand() {}

    /// Ids may begin with a dash, `-h` even: what does not ask for help is no option.
    static final class DashedIds implements IParameterPreprocessor {
        private static final List<String> OPTIONS = List.of("-h", "--help", "--");

        @Override
        @SuppressWarnings("JdkObsolete") // the interface wants it
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, @Nullable ArgSpec argument, Map<String, Object> info) {
            if (OPTIONS.stream().noneMatch(arguments::contains)) {
                arguments.push("--");
            }
            return false;
        }
    }

    /// `sallyport link revoke`
    @Command(
            name = "revoke",
            preprocessor = DashedIds.class,
            description = "End a link. Within a second it opens nothing any more; other links still do.",
            footer = {"", "Example:", "  sallyport link revoke cl-… q7mBv0uJ3hX2aZ9c"})
    static final class Revoke implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
        private String id;

        @Parameters(index = "1", paramLabel = "LINK", description = "The link's id, as links shows it.")
        private String link;

        @Override
        public Integer call() {
            ApiClient.open().call("DELETE", ApiClient.linksPath(id) + "/" + checked(link), null);
            return ExitCode.OK;
        }

        private static String checked(String link) {
            if (link.matches("[A-Za-z0-9_-]{16}")) {
                return link;
            }
            // Who gives the whole address does not want to find it in a log.
            var shown = link.contains("://") ? "its address" : link;
            throw new CliException(ExitCode.USAGE, "link: " + shown + " (expected: its id, as links shows it)");
        }
    }
}
