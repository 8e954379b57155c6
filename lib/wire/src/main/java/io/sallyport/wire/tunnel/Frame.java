package io.sallyport.wire.tunnel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The messages of a v2 tunnel, each a binary one of the WebSocket. Pure.
///
/// | type | stream | behind it |
/// |---|---|---|
/// | 1 OPEN | new, greater than all before | nothing |
/// | 2 DATA | open | 1 to [#DATA_BYTES_MAX] bytes |
/// | 3 CREDIT | open | 4 bytes: how many more may be sent, at least 1 |
/// | 4 FIN | open | nothing: the sender's stream has ended |
/// | 5 RST | open | a reason, up to [#REASON_BYTES_MAX] of printable ASCII |
/// | 6 PING, 7 PONG | 0 | 8 bytes, the same in the answer |
///
/// One byte type, four bytes stream, big-endian.
public sealed interface Frame {
    int DATA_BYTES_MAX = 64 << 10;
    int REASON_BYTES_MAX = 64;
    int HEAD_BYTES = 1 + Integer.BYTES;
    int MESSAGE_BYTES_MAX = HEAD_BYTES + DATA_BYTES_MAX;

    record Open(int stream) implements Frame {}

    /// A part of the message.
    record Data(int stream, byte[] message, int offset, int length) implements Frame {}

    record Credit(int stream, int bytes) implements Frame {}

    record Fin(int stream) implements Frame {}

    record Rst(int stream, String reason) implements Frame {}

    record Ping(long value) implements Frame {}

    record Pong(long value) implements Frame {}

    /// No frame.
    record Malformed(String reason) implements Frame {}

    /// The types as they are on the wire.
    final class Type {
        static final byte OPEN = 1;
        static final byte DATA = 2;
        static final byte CREDIT = 3;
        static final byte FIN = 4;
        static final byte RST = 5;
        static final byte PING = 6;
        static final byte PONG = 7;

        private Type() {}
    }

    /// What stands in front of a frame's payload.
    static byte[] head(byte type, int stream) {
        return ByteBuffer.allocate(HEAD_BYTES).put(type).putInt(stream).array();
    }

    /// A whole message; of DATA use [#head] in front of the bytes.
    static byte[] encode(Frame frame) {
        return switch (frame) {
            case Open(int stream) -> head(Type.OPEN, stream);
            case Data(int stream, byte[] from, int offset, int length) ->
                ByteBuffer.allocate(HEAD_BYTES + length)
                        .put(Type.DATA)
                        .putInt(stream)
                        .put(from, offset, length)
                        .array();
            case Credit(int stream, int bytes) ->
                ByteBuffer.allocate(HEAD_BYTES + Integer.BYTES)
                        .put(Type.CREDIT)
                        .putInt(stream)
                        .putInt(bytes)
                        .array();
            case Fin(int stream) -> head(Type.FIN, stream);
            case Rst(int stream, String reason) -> {
                var text = printable(reason).getBytes(StandardCharsets.US_ASCII);
                yield ByteBuffer.allocate(HEAD_BYTES + text.length)
                        .put(Type.RST)
                        .putInt(stream)
                        .put(text)
                        .array();
            }
            case Ping(long value) -> beat(Type.PING, value);
            case Pong(long value) -> beat(Type.PONG, value);
            case Malformed malformed -> throw new IllegalArgumentException(malformed.reason());
        };
    }

    private static byte[] beat(byte type, long value) {
        return ByteBuffer.allocate(HEAD_BYTES + Long.BYTES)
                .put(type)
                .putInt(0)
                .putLong(value)
                .array();
    }

    static Frame decode(byte[] message) {
        if (message.length < HEAD_BYTES) {
            return new Malformed("a frame without a whole head");
        }
        var in = ByteBuffer.wrap(message);
        byte type = in.get();
        int stream = in.getInt();
        int length = in.remaining();
        if ((type == Type.PING || type == Type.PONG) ? stream != 0 : stream <= 0) {
            return new Malformed("type " + type + " on stream " + stream);
        }
        return switch (type) {
            case Type.OPEN -> length == 0 ? new Open(stream) : wrong("OPEN", length);
            case Type.DATA ->
                length > 0 && length <= DATA_BYTES_MAX
                        ? new Data(stream, message, HEAD_BYTES, length)
                        : wrong("DATA", length);
            case Type.CREDIT -> length == Integer.BYTES ? credit(stream, in.getInt()) : wrong("CREDIT", length);
            case Type.FIN -> length == 0 ? new Fin(stream) : wrong("FIN", length);
            case Type.RST ->
                length <= REASON_BYTES_MAX
                        ? new Rst(stream, printable(new String(message, HEAD_BYTES, length, StandardCharsets.US_ASCII)))
                        : wrong("RST", length);
            case Type.PING -> length == Long.BYTES ? new Ping(in.getLong()) : wrong("PING", length);
            case Type.PONG -> length == Long.BYTES ? new Pong(in.getLong()) : wrong("PONG", length);
            default -> new Malformed("frame type " + type);
        };
    }

    private static Frame credit(int stream, int bytes) {
        return bytes > 0 ? new Credit(stream, bytes) : new Malformed("a credit of " + bytes);
    }

    private static Frame wrong(String type, int length) {
        return new Malformed(type + " with " + length + " bytes");
    }

    private static String printable(String reason) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.min(reason.length(), REASON_BYTES_MAX); i++) {
            char c = reason.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.toString();
    }
}
