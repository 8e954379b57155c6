package io.sallyport.relay.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps processes of the same user out of this one: no tracing, no look at its memory, no attaching.
///
/// Tracing is refused by the kernel. Attaching (`jcmd`) needs no tracing, and a dump of the heap could be had that
/// way; only an option of the JVM forbids it. Source: reference/egress.md §1.10, 1.
public final class Guard {
    /// What the JVM must have been started with.
    public static final String ATTACH_OFF = "-XX:+DisableAttachMechanism";

    private static final String ATTACH_ON = "-XX:-DisableAttachMechanism";

    private Guard() {}

    /// Raises the guard as far as it goes, and tells what is missing.
    static Optional<String> raise() {
        try {
            Native.becomeUndumpable();
        } catch (IOException | RuntimeException e) {
            return Optional.of("this process can be traced: " + e.getMessage());
        }
        return attachIsOff() ? Optional.empty() : Optional.of("this process can be attached to: " + ATTACH_OFF);
    }

    /// Whether this JVM was started so that nobody can attach to it.
    private static boolean attachIsOff() {
        var line = commandLine();
        return isOff(System.getenv(), line.subList(Math.min(1, line.size()), line.size()));
    }

    /// For a program that nobody started with the option: starts it again, in this process, with it. Returns at
    /// once where it is there; else only when that fails, with the reason.
    public static Optional<String> startAgainWithAttachOff() {
        if (attachIsOff()) {
            return Optional.empty();
        }
        try {
            var again = new ArrayList<>(commandLine());
            again.add(Math.min(1, again.size()), ATTACH_OFF);
            Native.exec(Files.readSymbolicLink(Path.of("/proc/self/exe")).toString(), again);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of("this process can be attached to: " + e.getMessage());
        }
    }

    /// All of it: what Java itself tells ends after a page.
    private static List<String> commandLine() {
        try {
            var line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Reads options in the order in which the JVM does; the last word counts. Pure but for option files.
    static boolean isOff(Map<String, String> environment, List<String> arguments) {
        var words = new ArrayList<String>();
        words.addAll(words(environment.getOrDefault("JAVA_TOOL_OPTIONS", "")));
        words.addAll(words(environment.getOrDefault("JDK_JAVA_OPTIONS", "")));
        for (var argument : arguments) {
            if (argument.startsWith("@")) {
                words.addAll(file(argument.substring(1)));
            } else if (argument.startsWith("-")) {
                words.add(argument);
            } else if (!argument.endsWith(".jar") && argument.indexOf('/') < 0) {
                break; // the program's own arguments begin
            }
        }
        return words.lastIndexOf(ATTACH_OFF) > words.lastIndexOf(ATTACH_ON);
    }

    private static List<String> file(String name) {
        try {
            return words(Files.readString(Path.of(name)));
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
