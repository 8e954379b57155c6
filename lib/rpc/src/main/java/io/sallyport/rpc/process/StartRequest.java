package io.sallyport.rpc.process;

import io.sallyport.rpc.terminal.Size;
import org.jspecify.annotations.Nullable;

/// Starts a process and follows it.
///
/// @param pty asks for a terminal
/// @param tag a name for the process, free to choose
/// @param stdin false: `/dev/null`; true or absent: a pipe
public record StartRequest(
        @Nullable ProcessConfig process,
        @Nullable Pty pty,
        @Nullable String tag,
        @Nullable Boolean stdin) {
    public StartRequest(ProcessConfig process, @Nullable String tag, boolean stdin) {
        this(process, null, tag, stdin);
    }

    /// A terminal.
    ///
    /// @param size absent: [Size#DEFAULT]
    public record Pty(@Nullable Size size) {}
}
