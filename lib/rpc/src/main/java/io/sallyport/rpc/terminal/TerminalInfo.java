package io.sallyport.rpc.terminal;

import io.sallyport.rpc.process.ProcessConfig;
import org.jspecify.annotations.Nullable;

/// A terminal.
///
/// @param pid inside the sandbox
/// @param oldest the sequence number of the oldest byte of output that is kept
/// @param written the sequence number of the next byte of output
/// @param viewers that are attached
/// @param exit how its program ended; null while it runs
public record TerminalInfo(
        String id,
        int pid,
        @Nullable ProcessConfig process,
        @Nullable String tag,
        @Nullable Size size,
        long oldest,
        long written,
        int viewers,
        ToViewer.@Nullable Exit exit) {}
