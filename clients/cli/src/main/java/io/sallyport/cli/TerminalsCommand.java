package io.sallyport.cli;

import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.terminal.TerminalInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport terminals`
@Command(
        name = "terminals",
        description = "List the terminals of a sandbox, also those that ended in the last ten minutes.",
        footer = {
            "",
            "Examples:",
            "  sallyport terminals cl-…",
            "  sallyport terminals cl-… --json | jq -r '.[] | select(.exit == null).id'",
            "",
            "See also: shell, attach.",
        })
final class TerminalsCommand implements Callable<Integer> {
    private static final int COMMAND_CHARACTERS_MAX = 40;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    @Mixin
    private JsonOption output;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var sandbox = api.sandbox(id).as(ApiClient.Sandbox.class);
        var listed = new Terminals(new Guest(api, sandbox, null)).list();
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(new String(RecordJson.writeList(listed), StandardCharsets.UTF_8));
            return ExitCode.OK;
        }
        table(listed).print(out);
        return ExitCode.OK;
    }

    static Table table(List<TerminalInfo> listed) {
        var table = new Table("TERMINAL", "PID", "COMMAND", "SIZE", "VIEWERS", "OUTPUT", "STATE");
        for (var terminal : listed) {
            var exit = terminal.exit();
            table.row(
                    terminal.id(),
                    Integer.toString(terminal.pid()),
                    command(terminal.process()),
                    terminal.size() == null ? "" : terminal.size().toString(),
                    Integer.toString(terminal.viewers()),
                    bytes(terminal.written()),
                    exit == null ? "running" : String.valueOf(exit.status()));
        }
        return table;
    }

    /// The words of a command, as far as they fit, without what a terminal would obey.
    private static String command(@Nullable ProcessConfig process) {
        if (process == null) {
            return "";
        }
        var words = new ArrayList<String>();
        words.add(process.cmd());
        words.addAll(process.args());
        var text = String.join(" ", words).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= COMMAND_CHARACTERS_MAX ? text : text.substring(0, COMMAND_CHARACTERS_MAX - 1) + "…";
    }

    private static String bytes(long count) {
        if (count < KIB) {
            return count + " B";
        }
        return count < MIB ? count / KIB + " KiB" : count / MIB + " MiB";
    }
}
