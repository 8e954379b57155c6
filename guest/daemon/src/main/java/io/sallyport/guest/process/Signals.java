package io.sallyport.guest.process;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What Linux calls its signals.
public final class Signals {
    static final int KILL = 9;

    private static final Map<String, Integer> NUMBERS =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "KILL", KILL, "TERM", 15, "CONT", 18, "TSTP", 20, "WINCH", 28);

    private Signals() {}

    /// The number of a signal that may be sent to a terminal.
    public static OptionalInt number(String name) {
        var number = NUMBERS.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /// Those that [#number] knows.
    public static List<String> names() {
        return NUMBERS.keySet().stream().sorted().toList();
    }

    static String name(int signal) {
        return switch (signal) {
            case 1 -> "hangup";
            case 2 -> "interrupt";
            case 3 -> "quit";
            case 4 -> "illegal instruction";
            case 6 -> "aborted";
            case 7 -> "bus error";
            case 8 -> "floating point exception";
            case 9 -> "killed";
            case 11 -> "segmentation fault";
            case 13 -> "broken pipe";
            case 14 -> "alarm clock";
            case 15 -> "terminated";
            default -> "signal " + signal;
        };
    }
}
