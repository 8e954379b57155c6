package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// One event of a process.
public record StartResponse(@Nullable Event event) {
    /// Exactly one is present.
    public record Event(
            @Nullable Start start,
            @Nullable Data data,
            @Nullable End end,
            @Nullable Keepalive keepalive) {}

    /// The first event. The pid is the one inside the sandbox.
    public record Start(int pid) {}

    /// Exactly one is present.
    public record Data(byte @Nullable [] stdout, byte @Nullable [] stderr, byte @Nullable [] pty) {}

    /// The last event.
    ///
    /// @param exitCode the code of a normal exit, -1 after a signal
    /// @param exited whether it was a normal exit
    /// @param status `exit status N` or `signal: NAME`
    /// @param error the same text when the process did not exit with 0
    public record End(
            int exitCode,
            boolean exited,
            @Nullable String status,
            @Nullable String error) {}

    /// Nothing has happened for a while.
    public record Keepalive() {}

    public static StartResponse started(int pid) {
        return new StartResponse(new Event(new Start(pid), null, null, null));
    }

    public static StartResponse stdout(byte[] bytes) {
        return new StartResponse(new Event(null, new Data(bytes, null, null), null, null));
    }

    public static StartResponse stderr(byte[] bytes) {
        return new StartResponse(new Event(null, new Data(null, bytes, null), null, null));
    }

    public static StartResponse pty(byte[] bytes) {
        return new StartResponse(new Event(null, new Data(null, null, bytes), null, null));
    }

    public static StartResponse ended(End end) {
        return new StartResponse(new Event(null, null, end, null));
    }

    public static StartResponse idle() {
        return new StartResponse(new Event(null, null, null, new Keepalive()));
    }
}
