package io.sallyport.cli;

import org.jspecify.annotations.Nullable;

/// How a program inside ended, as the exit code a shell would give.
final class ExitStatus {
    private static final int SIGNALLED = 128;
    private static final String UNNAMED = "signal: signal ";
    private static final int KILL = 9;

    private ExitStatus() {}

    /// The exit code.
    ///
    /// @param exitCode the code of a normal exit
    /// @param exited whether it was a normal exit
    /// @param status `signal: NAME` where it was none
    static int code(int exitCode, boolean exited, @Nullable String status) {
        return exited ? exitCode : SIGNALLED + signal(String.valueOf(status));
    }

    private static int signal(String status) {
        return switch (status) {
            case "signal: hangup" -> 1;
            case "signal: interrupt" -> 2;
            case "signal: quit" -> 3;
            case "signal: illegal instruction" -> 4;
            case "signal: aborted" -> 6;
            case "signal: bus error" -> 7;
            case "signal: floating point exception" -> 8;
            case "signal: segmentation fault" -> 11;
            case "signal: broken pipe" -> 13;
            case "signal: alarm clock" -> 14;
            case "signal: terminated" -> 15;
            default ->
                status.matches(UNNAMED + "[1-9][0-9]?") ? Integer.parseInt(status.substring(UNNAMED.length())) : KILL;
        };
    }
}
