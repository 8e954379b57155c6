package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport attach`
@Command(
        name = "attach",
        description = {
            "Come back to a terminal of a sandbox, or join it, and end with the exit code of its program.",
            "Of one that has ended it shows what is left and says how it ended. It never starts a program.",
            "Keys: Ctrl-] d leaves it running; Ctrl-] c interrupts and skips output that waits; Ctrl-] ? lists them.",
        },
        footer = {
            "",
            "Examples:",
            "  sallyport terminals cl-…",
            "  sallyport attach cl-… t-1a2b",
            "  sallyport attach cl-… t-1a --read-only",
        })
final class AttachCommand implements Callable<Integer> {
    @Option(names = "--read-only", description = "Only look: nothing is typed, and the size stays as it is.")
    private boolean readOnly;

    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Parameters(index = "1", paramLabel = "TERMINAL", description = "The terminal's id, or how it begins.")
    private String terminal;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var sandbox = api.sandbox(id).as(ApiClient.Sandbox.class);
        var terminals = new Terminals(new Guest(api, sandbox, null));
        var found = Terminals.find(terminals.list(), terminal);
        return new TerminalView(terminals, id, spec.commandLine().getErr()).showAgain(found, readOnly);
    }
}
