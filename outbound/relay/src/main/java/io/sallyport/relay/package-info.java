/// The relay: a sandbox's local proxy, whose only way on is a WebSocket to the egress gateway.
@NullMarked
package io.sallyport.relay;

import org.jspecify.annotations.NullMarked;
