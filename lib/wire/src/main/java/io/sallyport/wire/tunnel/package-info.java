/// Tunnels over a WebSocket, both ends: one stream of chunks (v1), or many streams (v2).
///
/// Starting points: [ChunkConnection], [MuxSession].
@NullMarked
package io.sallyport.wire.tunnel;

import org.jspecify.annotations.NullMarked;
