/// How a gateway reaches a port of a sandbox: the contract between the gateway and the host agent.
///
/// Starting point: [SandboxDialer].
@NullMarked
package io.sallyport.wire.dial;

import org.jspecify.annotations.NullMarked;
