package io.sallyport.rpc.terminal;

import io.sallyport.rpc.process.ProcessConfig;
import org.jspecify.annotations.Nullable;

/// Opens a terminal and starts a program in it. Nobody has to be attached.
///
/// @param tag a name for the process, free to choose
public record CreateRequest(
        @Nullable ProcessConfig process,
        @Nullable Size size,
        @Nullable String tag) {}
