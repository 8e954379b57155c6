package io.sallyport.gateway.host;

import io.sallyport.gateway.page.Dialect;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;

/// Where a request wants to go.
public sealed interface Destination {
    /// A port of a sandbox, which may not exist.
    ///
    /// @param site what follows the first label in the name the client used, in lower case, with the port it
    /// named: `localhost:8000`; empty where the client named the sandbox in headers
    /// @param dialect how this address words its refusals
    record Sandbox(SandboxId id, Port port, String site, Dialect dialect) implements Destination {
        /// The host and port under which the client reaches a port of this sandbox.
        public String authority(int appPort) {
            return appPort + "-" + id + "." + site;
        }
    }

    /// The API.
    record Control() implements Destination {}

    /// A sandbox address that is none.
    record Nowhere(Outcome outcome) implements Destination {}
}
