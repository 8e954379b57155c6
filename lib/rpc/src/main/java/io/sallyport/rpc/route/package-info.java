/// What a gateway asks of the control plane, and is told by it.
///
/// Starting point: [Routes].
@NullMarked
package io.sallyport.rpc.route;

import org.jspecify.annotations.NullMarked;
