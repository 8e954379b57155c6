/// What gateways are told: where sandboxes are and who may reach them.
///
/// Starting points: [RouteService], [Links].
@NullMarked
package io.sallyport.control.route;

import org.jspecify.annotations.NullMarked;
