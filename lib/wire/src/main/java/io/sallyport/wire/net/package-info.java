/// Byte connections with real deadlines, and the threads that wait for them.
///
/// Starting points: [Connection], [SocketConnection], [Listener]; [FairThreads], [Lane].
@NullMarked
package io.sallyport.wire.net;

import org.jspecify.annotations.NullMarked;
