package io.sallyport.testbed;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A terminal on this machine that a test can type into and look at: a tmux server of its own with one window.
final class Tmux implements Closeable {
    static final int COLS = 100;
    static final int ROWS = 30;

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String server = "sallyport-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    /// Starts a shell command in it, and shows `ended with` and its exit code behind it.
    static Tmux start(String command) throws IOException {
        var tmux = new Tmux();
        tmux.run(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "" + COLS,
                "-y",
                "" + ROWS,
                command + "; echo ended with $?; sleep 1000");
        tmux.run("set", "-g", "status", "off");

        return tmux;
    }

    /// Presses keys as tmux calls them; what is none is typed.
    void keys(String... keys) throws IOException {
        var all = new ArrayList<>(List.of("send-keys"));
        all.addAll(Arrays.asList(keys));
        run(all.toArray(String[]::new));
    }

    /// The screen as it is shown, without spaces at the ends of lines.
    String screen() throws IOException {
        return run("capture-pane", "-p").stripTrailing();
    }

    /// Waits until the screen shows a text.
    String expect(String text) {
        var last = new String[] {""};
        try {
            Testbed.eventually(WAIT, "shown: " + text, () -> {
                last[0] = look();
                return last[0].contains(text);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the screen:\n" + last[0], e);
        }
        return last[0];
    }

    private String look() {
        try {
            return screen();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Waits until the screen has been the same for a while.
    String settled() throws Exception {
        var before = screen();
        while (true) {
            TimeUnit.MILLISECONDS.sleep(300);
            var now = screen();
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    private String run(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("tmux", "-L", server));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("TMUX");
        var process = builder.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        run("kill-server");
    }
}
