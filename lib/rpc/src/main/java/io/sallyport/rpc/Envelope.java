package io.sallyport.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// One message of a stream: a flag byte, a length of four bytes, big-endian, and the payload.
///
/// @spec https://connectrpc.com/docs/protocol/#streaming-rpcs Connect
record Envelope(boolean last, byte[] payload) {
    /// A payload longer than this is refused.
    static final int PAYLOAD_BYTES_MAX = 4 << 20;

    private static final int HEAD_BYTES = 5;
    private static final byte FLAG_MESSAGE = 0;
    private static final byte FLAG_COMPRESSED = 1;
    private static final byte FLAG_END = 2;

    byte[] toBytes() {
        return ByteBuffer.allocate(HEAD_BYTES + payload.length)
                .put(last ? FLAG_END : FLAG_MESSAGE)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /// Reads one envelope; [EOFException] where the stream ends instead.
    static Envelope read(InputStream from) throws IOException, RpcException {
        var head = ByteBuffer.wrap(exactly(from, HEAD_BYTES));
        byte flags = head.get();
        int length = head.getInt();
        if ((flags & FLAG_COMPRESSED) != 0) {
            throw new RpcException(RpcCode.INTERNAL, "compressed messages are not understood");
        }
        if (length < 0 || length > PAYLOAD_BYTES_MAX) {
            throw new RpcException(
                    RpcCode.RESOURCE_EXHAUSTED,
                    "message of " + Integer.toUnsignedString(length) + " bytes (expected: at most " + PAYLOAD_BYTES_MAX
                            + ")");
        }
        return new Envelope((flags & FLAG_END) != 0, exactly(from, length));
    }

    private static byte[] exactly(InputStream from, int length) throws IOException {
        byte[] bytes = from.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the stream ended inside a message");
        }
        return bytes;
    }
}
