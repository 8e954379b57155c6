package io.sallyport.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// All commands of the command line.
@Command(
        name = "sallyport",
        description = "Sandboxes, and the gate to what runs inside.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CreateCommand.class,
            LsCommand.class,
            ExecCommand.class,
            ShellCommand.class,
            TerminalsCommand.class,
            AttachCommand.class,
            UrlCommand.class,
            PortsCommand.class,
            PortCommand.class,
            LinksCommand.class,
            LinkCommand.class,
            EgressCommand.class,
            SecretCommand.class,
            CpCommand.class,
            LogsCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            KillCommand.class,
            TemplateCommand.class,
            TeamCommand.class,
            KeyCommand.class,
            DoctorCommand.class,
            VersionCommand.class,
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the platform cannot be reached, 4 the platform said no;",
            "exec, run, shell and attach pass on the exit code of the command.",
            "",
            "Examples:",
            "  sallyport up",
            "  sallyport run -p 3000 -- python3 -m http.server 3000",
            "  sallyport exec $(sallyport create) -- uname -a",
        })
public final class Cli {
    private Cli() {}

    /// The command line, with what a program adds to it.
    public static CommandLine commandLine(Object... more) {
        var commands = new CommandLine(new Cli());
        for (var command : more) {
            commands.addSubcommand(command);
        }
        addHelp(commands);
        commands.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        commands.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof CliException said) {
                command.getErr().println("sallyport: " + said.getMessage());
                return said.exitCode();
            }
            command.getErr().println("sallyport: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return ExitCode.FAILED;
        });
        return commands;
    }

    /// Adds a command of a program's below one of ours.
    public static void addBelow(CommandLine commands, String parent, Object command) {
        var above = Objects.requireNonNull(commands.getSubcommands().get(parent), parent);
        above.addSubcommand(command);
        above.getSubcommands().values().stream()
                .filter(below -> below.getCommand() == command)
                .forEach(Cli::addHelp);
    }

    private static void addHelp(CommandLine command) {
        command.addMixin("help", new HelpOption());
        command.getSubcommands().values().stream().distinct().forEach(Cli::addHelp);
    }
}
