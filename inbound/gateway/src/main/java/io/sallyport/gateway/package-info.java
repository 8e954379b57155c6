/// The gateway: the public listener. Sandbox hosts are forwarded into sandboxes, everything else to the control plane.
///
/// Starting points, in the order of a request: [Gateway] listens, `host` reads where it wants to go, `route` asks
/// whether that exists, `forward` carries it, `page` says no.
@NullMarked
package io.sallyport.gateway;

import org.jspecify.annotations.NullMarked;
