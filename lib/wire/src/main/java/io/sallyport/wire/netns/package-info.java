/// Sockets inside another network namespace.
///
/// Starting point: [Netns].
@NullMarked
package io.sallyport.wire.netns;

import org.jspecify.annotations.NullMarked;
