package io.sallyport.gateway.host;

import io.sallyport.gateway.page.Outcome;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;

/// Where a request wants to go.
public sealed interface Destination {
    /// A port of a sandbox, which may not exist.
    record Sandbox(SandboxId id, Port port) implements Destination {}

    /// The API.
    record Control() implements Destination {}

    /// A sandbox address that is none.
    record Nowhere(Outcome outcome) implements Destination {}
}
