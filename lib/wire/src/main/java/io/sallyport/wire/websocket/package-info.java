/// WebSockets, both sides: the handshake and the frames.
///
/// Starting points: [WebSocket], [Handshake].
@NullMarked
package io.sallyport.wire.websocket;

import org.jspecify.annotations.NullMarked;
