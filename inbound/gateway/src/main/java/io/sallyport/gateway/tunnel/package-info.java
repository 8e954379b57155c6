/// The way to agents and to the control plane when they are other processes.
///
/// Starting points: [TunnelDialer], [ControlTunnels].
@NullMarked
package io.sallyport.gateway.tunnel;

import org.jspecify.annotations.NullMarked;
