package io.sallyport.app;

import io.sallyport.cli.Terminal;
import java.io.PrintStream;
import java.time.Duration;

/// Tells on standard error what is being started, and how long it took. In a terminal a line is rewritten as it goes.
final class Progress {
    private final PrintStream to;
    private final boolean terminal = Terminal.isColour();
    private String current = "";
    private long since;

    Progress(PrintStream to) {
        this.to = to;
    }

    /// What is being started, empty when nothing is.
    String current() {
        return current;
    }

    void begin(String name) {
        end();
        current = name;
        since = System.nanoTime();
        if (terminal) {
            to.print("  … " + name);
            to.flush();
        }
    }

    void end() {
        if (!current.isEmpty()) {
            var took = Duration.ofNanos(System.nanoTime() - since).toMillis();
            to.println((terminal ? "\r\033[2K" : "") + "  ✓ " + current + "  " + took + " ms");
            current = "";
        }
    }
}
