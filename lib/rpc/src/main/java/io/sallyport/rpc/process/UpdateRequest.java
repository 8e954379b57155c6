package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// Changes the size of a process's terminal.
public record UpdateRequest(@Nullable ProcessSelector process, StartRequest.@Nullable Pty pty) {}
