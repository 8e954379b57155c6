/// Remembers what the control plane said of a sandbox, until it says something else.
///
/// Starting point: [RouteCache].
@NullMarked
package io.sallyport.gateway.route;

import org.jspecify.annotations.NullMarked;
