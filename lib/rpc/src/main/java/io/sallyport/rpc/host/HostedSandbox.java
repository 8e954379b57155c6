package io.sallyport.rpc.host;

import io.sallyport.kit.SandboxId;

/// A sandbox as its host sees it.
public record HostedSandbox(SandboxId id, boolean paused) {}
