package io.sallyport.cli;

/// What the program's exit code says. `exec` and `run` pass on the command's own code instead.
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /// The platform cannot be reached.
    public static final int UNREACHABLE = 3;
    /// The platform said no.
    public static final int REFUSED = 4;

    /// The command of `exec` or `run` cannot be started, as a shell says it.
    public static final int CANNOT_RUN = 127;

    private ExitCode() {}
}
