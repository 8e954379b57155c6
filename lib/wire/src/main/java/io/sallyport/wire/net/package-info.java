/// Byte connections with real deadlines.
///
/// Starting points: [Connection], [SocketConnection], [Listener].
@NullMarked
package io.sallyport.wire.net;

import org.jspecify.annotations.NullMarked;
