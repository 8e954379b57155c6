package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// Ends the standard input of a process. Closing it again changes nothing.
public record CloseStdinRequest(@Nullable ProcessSelector process) {}
