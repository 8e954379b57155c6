package io.sallyport.cli;

import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport shell`
@Command(
        name = "shell",
        description = {
            "Open a terminal in a sandbox, with a shell or a command, and end with its exit code.",
            "When the connection breaks it comes back by itself, and goes on where it was.",
            "Keys: Ctrl-] d leaves it running; Ctrl-] c interrupts and skips output that waits; Ctrl-] ? lists them.",
        },
        footer = {
            "",
            "Examples:",
            "  sallyport shell cl-…",
            "  sallyport shell cl-… -u root --cwd /srv -- htop",
            "  echo 'make test; exit' | sallyport shell cl-…",
            "",
            "See also: attach, terminals; exec for commands that need no terminal.",
        })
final class ShellCommand implements Callable<Integer> {
    private static final List<String> SHELL = List.of("/bin/bash", "-i", "-l");
    private static final String TERM = "TERM";
    private static final String TERM_DEFAULT = "xterm-256color";
    private static final String LOCALE = "C.UTF-8";

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "Who runs it. Default: user.")
    private @Nullable String user;

    @Option(names = "--cwd", paramLabel = "DIR", description = "Where it runs. Default: the user's home.")
    private @Nullable String cwd;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Its environment. May be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "The command and its arguments, behind --. Default: a login shell.")
    private List<String> command = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var sandbox = api.sandbox(id).as(ApiClient.Sandbox.class);
        var terminals = new Terminals(new Guest(api, sandbox, user));
        var size = LocalTerminal.size().orElse(Size.DEFAULT);
        var terminal = terminals.create(new CreateRequest(config(System.getenv(TERM)), size, null));
        return new TerminalView(terminals, id, spec.commandLine().getErr()).showNew(terminal);
    }

    private ProcessConfig config(@Nullable String term) {
        var words = command.isEmpty() ? SHELL : command;
        var all = new LinkedHashMap<String, String>();
        var known = Objects.requireNonNullElse(term, "");
        all.put(TERM, known.isBlank() || known.equals("dumb") ? TERM_DEFAULT : known);
        all.put("LANG", LOCALE);
        all.put("LC_ALL", LOCALE);
        all.putAll(environment);
        return new ProcessConfig(words.getFirst(), words.subList(1, words.size()), all, cwd);
    }
}
