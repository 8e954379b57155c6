/// The way from the relay to the egress gateway.
///
/// Starting point: [Tunnels].
@NullMarked
package io.sallyport.relay.tunnel;

import org.jspecify.annotations.NullMarked;
