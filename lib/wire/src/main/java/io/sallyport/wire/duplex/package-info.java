/// Copies bytes between two connections.
///
/// Starting point: [Duplex].
@NullMarked
package io.sallyport.wire.duplex;

import org.jspecify.annotations.NullMarked;
