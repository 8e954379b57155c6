package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// Follows a process that was started before: its start event, live data, its end.
public record ConnectRequest(@Nullable ProcessSelector process) {}
