package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Installation.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that paint the screen, through `sallyport shell` and run directly: the same keys, the same screen.
final class ScreenTest {
    private static final Testbed BED = Testbed.get();
    private static final String PROGRAM_ENVIRONMENT = "env -i PATH=/usr/bin:/bin HOME=/tmp TERM=screen LC_ALL=C.UTF-8 ";

    @TempDir
    private static Path directory;

    private static Sandbox sandbox;
    private static Path text;
    private static Path cli;

    @BeforeAll
    static void create() throws Exception {
        for (var program : List.of("tmux", "vim", "htop", "less")) {
            assertTrue(Files.exists(Path.of("/usr/bin/" + program)), program + " is missing: sudo bin/setup --test");
        }
        sandbox = BED.create();
        cli = directory.resolve("sallyport");
        Files.writeString(
                cli,
                "#!/bin/sh\nSALLYPORT_URL=http://127.0.0.1:" + BED.port() + " SALLYPORT_API_KEY=" + BED.key()
                        + " exec '" + String.join("' '", Program.java()) + "' \"$@\"\n");
        Files.setPosixFilePermissions(cli, PosixFilePermissions.fromString("rwx------"));
        text = Path.of("/tmp/screen-" + ProcessHandle.current().pid() + ".txt");
        var lines = IntStream.rangeClosed(1, 200)
                .mapToObj(i -> i + " žluťoučký kůň 日本 " + "=".repeat(i % 60))
                .collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(text, lines);
        BED.put(sandbox, text.toString(), lines);
        var settings = "set -g status-right x\nset -g status-left y\nset -g default-command 'PS1=\"% \" sh'\n"
                + "set -g automatic-rename off\n";
        Files.writeString(Path.of(text + ".conf"), settings);
        BED.put(sandbox, text + ".conf", settings);
    }

    @AfterAll
    static void remove() throws Exception {
        Files.deleteIfExists(text);
        Files.deleteIfExists(Path.of(text + ".conf"));
    }

    private static Tmux direct(String program) throws Exception {
        return Tmux.start(PROGRAM_ENVIRONMENT + program);
    }

    /// `sallyport`, short enough to be typed.
    private static String cli(String... arguments) {
        return cli + " " + String.join(" ", arguments);
    }

    private static Tmux throughShell(String program) throws Exception {
        return Tmux.start(
                cli("shell", sandbox.id().text(), "--cwd", "/tmp", "--") + " " + PROGRAM_ENVIRONMENT + program);
    }

    private interface Typist {
        void type(Tmux tmux) throws Exception;
    }

    private static void same(String program, Typist typist) throws Exception {
        try (var direct = direct(program);
                var through = throughShell(program)) {
            typist.type(direct);
            typist.type(through);
            var expected = direct.settled();
            assertTrue(expected.length() > 20, expected);
            assertEquals(expected, through.settled());
            keep(program.split(" ", 2)[0], expected);
        }
    }

    private static void keep(String name, String screen) throws Exception {
        Files.writeString(Files.createDirectories(Path.of("target/seen")).resolve("screen-" + name + ".txt"), screen);
    }

    @Test
    void vim() throws Exception {
        same("vim -u NONE -i NONE -n -N " + text, tmux -> {
            tmux.expect("žluťoučký");
            tmux.keys("3G", "dd", "o", "typed ☂ here", "Escape", ":%s/=/+/g", "Enter");
            tmux.keys("120G", "zz", "vjjj", "d", ":set number", "Enter", "/150 ", "Enter");
            tmux.expect("150 žluť");
        });
    }

    @Test
    void less() throws Exception {
        same("less -N -R " + text, tmux -> {
            tmux.expect("žluťoučký");
            tmux.keys("100g", "/kůň", "Enter", "n", "n", "b");
            tmux.expect("100 ");
        });
    }

    @Test
    void python() throws Exception {
        same("python3 -q -c \"import code; code.interact(banner='ready', exitmsg='')\"", tmux -> {
            tmux.expect(">>>");
            tmux.keys("print(6 * 7, 'ěšč')", "Enter");
            tmux.expect("42 ěšč");
            tmux.keys("for i in range(3):", "Enter", "    print(i)", "Enter", "Enter");
            tmux.expect("2\n>>>");
        });
    }

    @Test
    void tmuxInside() throws Exception {
        var server = "inner-" + ProcessHandle.current().pid();
        same("tmux -L " + server + " -f " + text + ".conf new-session", tmux -> {
            tmux.expect("%");
            tmux.keys("C-b", "\"");
            tmux.keys("C-b", "Up");
            tmux.keys("echo upper $((40+2))", "Enter");
            tmux.expect("upper 42");
        });
        HostTruth.run("tmux", "-L", server, "kill-server");
    }

    /// Its numbers are of the moment, so the frame is compared: meters, column heads, keys.
    @Test
    void htop() throws Exception {
        try (var direct = direct("htop -d 100");
                var through = throughShell("htop -d 100")) {
            for (var tmux : List.of(direct, through)) {
                tmux.expect("F10Quit");
            }
            assertEquals(frame(direct.settled()), frame(through.settled()));
            keep("htop", through.screen());
            through.keys("q");
            through.expect("ended with 0");
        }
    }

    private static List<String> frame(String screen) {
        return screen.lines()
                .filter(line -> line.contains("Load average") || line.contains("PID USER") || line.contains("F10Quit"))
                .map(line -> line.replaceAll("\\[.*?\\]", "[]")
                        .replaceAll("[0-9.]+", "#")
                        .strip())
                .toList();
    }

    @Test
    void theTerminalIsAsItWasAfterwardsAlsoWhenItWasKilled() throws Exception {
        var shell = cli("shell", sandbox.id().text());
        try (var tmux = Tmux.start("PS1='outer> ' sh")) {
            tmux.expect("outer>");
            tmux.keys("stty -g > " + directory.resolve("before"), "Enter");
            tmux.keys(
                    shell
                            + " -- sh -c 'stty raw; printf \"\\033[?1049h\\033[?25l\"; echo pain\"\"ted; read x'; echo code $?",
                    "Enter");
            tmux.expect("painted");
            var pid = BED.sh(sandbox, "pgrep -f 'stty ra[w]' | head -1").out().strip();
            assertTrue(pid.matches("[0-9]+"), pid);
            BED.exec(sandbox, "root", List.of("/bin/sh", "-c", "kill -9 " + pid));
            tmux.expect("code 137");
            tmux.keys("stty -g > " + directory.resolve("after"), "Enter", "echo again", "Enter");
            tmux.expect("again\nouter>");
            assertEquals(Files.readString(directory.resolve("before")), Files.readString(directory.resolve("after")));
        }
    }

    @Test
    void aDetachedTerminalIsComeBackToAndItsSizeFollows() throws Exception {
        String id;
        try (var tmux = Tmux.start("PS1='outer> ' sh")) {
            tmux.expect("outer>");
            tmux.keys(cli("shell", sandbox.id().text(), "--") + " env PS1='inn''er> ' sh", "Enter");
            tmux.expect("inner>");
            tmux.keys("stty size", "Enter");
            tmux.expect(Tmux.ROWS + " " + Tmux.COLS);
            tmux.keys("X=kept", "Enter", "C-]", "d");
            var said = tmux.expect("come back with");
            id = said.replaceAll("(?s).*(t-[0-9a-f]{8}).*", "$1");
        }
        try (var tmux = Tmux.start(cli("attach", sandbox.id().text(), id))) {
            tmux.expect("inner>");
            tmux.keys("echo it is $X", "Enter");
            tmux.expect("it is kept");
            tmux.keys("exit 9", "Enter");
            tmux.expect("ended with 9");
        }
    }
}
