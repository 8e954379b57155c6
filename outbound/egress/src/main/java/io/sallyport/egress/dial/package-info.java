/// The way to the world: names to addresses, addresses to connections, directly or through a proxy.
///
/// Starting point: [Upstream].
@NullMarked
package io.sallyport.egress.dial;

import org.jspecify.annotations.NullMarked;
