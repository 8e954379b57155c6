package io.sallyport.rpc;

/// A message without content: `{}`.
public record Empty() {}
