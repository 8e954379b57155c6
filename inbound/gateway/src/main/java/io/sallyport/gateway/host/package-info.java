/// Where a request wants to go, from its head alone. Pure.
///
/// Starting point: [HostRouter].
@NullMarked
package io.sallyport.gateway.host;

import org.jspecify.annotations.NullMarked;
