package io.sallyport.wire.tunnel;

import io.sallyport.wire.websocket.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The one message of a v1 tunnel: `message UpstreamProxyChunk { bytes data = 1; }`, in its shortest form. Pure.
///
/// ```
///   0a  varint length  bytes        one field, nothing behind it
/// ```
///
/// Source: reference/egress.md §1.3, §1.4.
public final class Chunk {
    /// What one chunk holds at most.
    public static final int DATA_BYTES_MAX = 512 << 10;

    private static final byte TAG = 0x0a;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_SHIFT_MAX = 28;
    private static final int LENGTH_BYTES_MAX = 3; // of DATA_BYTES_MAX

    /// What a message is at most.
    public static final int MESSAGE_BYTES_MAX = 1 + LENGTH_BYTES_MAX + DATA_BYTES_MAX;

    private static final byte[] KEEP_ALIVE = {TAG, 0};

    private Chunk() {}

    /// What a message says.
    public sealed interface Decoded {
        /// Bytes of the stream, at least one: a part of the message.
        record Data(byte[] message, int offset, int length) implements Decoded {}

        /// Nothing, which says that somebody is there.
        record KeepAlive() implements Decoded {}

        /// No chunk.
        ///
        /// @param code with which the WebSocket is closed
        record Malformed(String reason, int code) implements Decoded {}
    }

    /// The chunk that says nothing.
    static byte[] keepAlive() {
        return KEEP_ALIVE.clone();
    }

    /// A whole message.
    public static byte[] encode(byte[] from, int offset, int length) {
        var head = head(length);
        return ByteBuffer.allocate(head.length + length)
                .put(head)
                .put(from, offset, length)
                .array();
    }

    /// What stands in front of the bytes.
    static byte[] head(int length) {
        if (length > DATA_BYTES_MAX) {
            throw new IllegalArgumentException("a chunk of " + length + " bytes (expected: <= " + DATA_BYTES_MAX + ")");
        }
        var head = ByteBuffer.allocate(1 + LENGTH_BYTES_MAX).put(TAG);
        int rest = length;
        while (rest >= 1 << VARINT_BITS) {
            head.put((byte) (rest | 1 << VARINT_BITS));
            rest >>>= VARINT_BITS;
        }
        head.put((byte) rest);
        return Arrays.copyOf(head.array(), head.position());
    }

    /// Understands a message. Nothing is copied, and nothing is made by the length that it states.
    public static Decoded decode(byte[] message) {
        if (message.length == 0) {
            return new Decoded.KeepAlive();
        }
        if (message[0] != TAG) {
            return malformed("a message that does not start with field 1 as bytes");
        }
        long length = 0;
        int at = 1;
        for (int shift = 0; ; shift += VARINT_BITS) {
            if (shift > VARINT_SHIFT_MAX) {
                return malformed("a length of more than five bytes");
            }
            if (at == message.length) {
                return malformed("a length that is cut off");
            }
            byte next = message[at++];
            length |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                if (next == 0 && shift > 0) {
                    return malformed("a length that is not in its shortest form");
                }
                break;
            }
        }
        if (length > DATA_BYTES_MAX) {
            return new Decoded.Malformed("a chunk of more than " + DATA_BYTES_MAX + " bytes", WebSocket.TOO_BIG);
        }
        if (length != message.length - at) {
            return malformed(length > message.length - at ? "a chunk that is cut off" : "bytes behind the chunk");
        }
        return length == 0 ? new Decoded.KeepAlive() : new Decoded.Data(message, at, (int) length);
    }

    private static Decoded malformed(String reason) {
        return new Decoded.Malformed(reason, WebSocket.PROTOCOL_ERROR);
    }
}
