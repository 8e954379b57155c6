package io.sallyport.cli;

import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.rpc.terminal.ToViewer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.OptionalLong;

/// A terminal of a sandbox on the terminal we were started in.
///
/// However this ends, our own terminal is as it was: by `finally`, and by a shutdown hook when we are
/// interrupted or hung up on.
final class TerminalView {
    private final Terminals terminals;
    private final String sandbox;
    private final PrintWriter err;

    /// A view.
    ///
    /// @param sandbox the id to come back with
    TerminalView(Terminals terminals, String sandbox, PrintWriter err) {
        this.terminals = terminals;
        this.sandbox = sandbox;
        this.err = err;
    }

    /// Shows a terminal just made, and gives the exit code of its program.
    int showNew(TerminalInfo terminal) {
        return show(terminal.id(), OptionalLong.of(0), false, false);
    }

    /// Shows a terminal from the oldest output kept, says how it ended, and gives that as exit code.
    int showAgain(TerminalInfo terminal, boolean readOnly) {
        return show(terminal.id(), OptionalLong.empty(), readOnly, true);
    }

    private int show(String id, OptionalLong since, boolean readOnly, boolean again) {
        boolean typed = LocalTerminal.isTerminal(LocalTerminal.STDIN);
        boolean inPlace = typed
                && LocalTerminal.isTerminal(LocalTerminal.STDOUT)
                && LocalTerminal.isTerminal(LocalTerminal.STDERR);
        // Not System.in and System.out, which buffer and encode. Not closed: they are the program's.
        @SuppressWarnings("resource")
        var in = new FileInputStream(FileDescriptor.in);
        @SuppressWarnings("resource")
        var out = new FileOutputStream(FileDescriptor.out);
        @SuppressWarnings("resource")
        var notes = new FileOutputStream(FileDescriptor.err);
        var screen = new Screen(out, notes, inPlace);
        var wanted = new TerminalSession.Wanted(id, since, readOnly, again, typed);
        var session = new TerminalSession(
                wanted,
                from -> terminals.attach(id, from, readOnly),
                LocalTerminal::size,
                screen,
                TerminalSession.Pace.DEFAULT);
        TerminalSession.Outcome outcome;
        try (var local = new LocalTerminal()) {
            var interrupted = new Thread(() -> {
                screen.reset();
                local.restore();
                session.leaveInTime();
            });
            Runtime.getRuntime().addShutdownHook(interrupted);
            try {
                local.raw();
                outcome = session.run(in);
            } catch (IOException e) {
                throw new CliException(ExitCode.FAILED, "the terminal here: " + e.getMessage());
            } finally {
                screen.reset();
                removeHook(interrupted);
            }
        }
        return switch (outcome) {
            case TerminalSession.Outcome.Detached() -> {
                err.println("detached; come back with: sallyport attach " + sandbox + " " + id);
                yield ExitCode.OK;
            }
            case TerminalSession.Outcome.Exited(ToViewer.Exit exit) -> {
                if (again || !exit.exited()) {
                    err.println("[sallyport: " + id + " ended: " + exit.status() + "]");
                }
                yield ExitStatus.code(exit.exitCode(), exit.exited(), exit.status());
            }
        };
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // We are being interrupted, and the hook runs.
        }
    }
}
