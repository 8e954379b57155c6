package io.sallyport.rpc;

/// The message of a call that has nothing to say.
public record Nothing() {}
