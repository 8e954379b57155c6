package io.sallyport.wire.websocket;

/// What comes in over a WebSocket. Pings are answered and not shown.
public sealed interface Message {
    /// Bytes. The array is the receiver's.
    record Binary(byte[] bytes) implements Message {}

    record Text(String text) implements Message {}

    /// The answer to a ping of ours, with its bytes.
    record Pong(byte[] bytes) implements Message {}

    /// The peer says goodbye, and nothing comes after it.
    ///
    /// @param code 1005 where it gave none
    record Close(int code, String reason) implements Message {}
}
