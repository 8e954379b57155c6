/// What the gateway asks the control plane.
///
/// Starting point: [Routes].
@NullMarked
package io.sallyport.gateway.route;

import org.jspecify.annotations.NullMarked;
