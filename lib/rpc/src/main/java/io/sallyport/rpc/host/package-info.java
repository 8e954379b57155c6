/// What the control plane asks of a host agent.
///
/// Starting point: [HostAgent].
@NullMarked
package io.sallyport.rpc.host;

import org.jspecify.annotations.NullMarked;
