/// A load generator and the backend it expects, all on one thread, so that the pair costs one processor little.
///
/// Starting points: [Loop], [Backend], [Load].
@NullMarked
package io.sallyport.bench.load;

import org.jspecify.annotations.NullMarked;
