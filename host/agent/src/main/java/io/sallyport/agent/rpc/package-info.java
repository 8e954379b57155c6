/// The agent's door for other processes of the installation: calls of the control plane, tunnels of gateways.
///
/// Starting point: [AgentServer].
@NullMarked
package io.sallyport.agent.rpc;

import org.jspecify.annotations.NullMarked;
