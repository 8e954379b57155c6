/// One exchange carried from a client to a server and back: what the gateway does for hosts and the agent for
/// paths.
///
/// Starting points: [Relay], [HopHeaders].
@NullMarked
package io.sallyport.wire.proxy;

import org.jspecify.annotations.NullMarked;
