/// What is known of an exchange when it has ended: the access log, metrics, and what counts as activity.
///
/// Starting point: [Passage].
@NullMarked
package io.sallyport.gateway.seen;

import org.jspecify.annotations.NullMarked;
