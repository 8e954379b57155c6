package io.sallyport.wire.websocket;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A WebSocket behind its handshake.
///
/// - **Threads**: one receives; any may send, one message after the other.
/// - **Limits**: a message of at most the given size, whatever frames it comes in.
/// - **Errors**: [WebSocketException] when the peer breaks the protocol; [EOFException] when it is gone without
///   a
///   goodbye.
/// - **Closes**: [#close()] cuts the connection; [#close(int, String)] says goodbye first.
///
/// @spec https://www.rfc-editor.org/info/rfc6455 RFC 6455
public final class WebSocket implements Closeable {
    /// Close codes.
    public static final int NORMAL = 1000;

    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int UNSUPPORTED = 1003;

    /// What [Message.Close] says of a goodbye that gave no code.
    public static final int NO_CODE = 1005;

    public static final int POLICY = 1008;
    public static final int TOO_BIG = 1009;

    private static final int NOT_UTF_8 = 1007;
    private static final int CODE_MIN = 1000;
    private static final int CODE_MAX = 4999;

    /// What only says inside a program how a connection ended.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc6455 RFC 6455 §7.4.1
    private static final Set<Integer> NEVER_SENT = Set.of(1004, NO_CODE, 1006, 1015);

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;

    private static final int CONTROL_BYTES_MAX = 125;
    private static final int HEAD_BYTES_MAX = 14;
    private static final int INPUT_BYTES = 16 << 10;
    private static final int BEGUN_BYTES = 2 * INPUT_BYTES; // most messages are no longer
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final byte[] NOTHING = {};
    private static final SecureRandom MASKS = new SecureRandom();
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Connection connection;
    private final Side side;
    private final int messageBytesMax;
    private final String protocol;
    private final ReentrantLock sending = new ReentrantLock();
    private final byte[] input = new byte[INPUT_BYTES];
    private int at;
    private int limit;
    private int begunOpcode = CONTINUATION; // of the message that has begun, between whose parts others may come
    private ByteArrayOutputStream begun = new ByteArrayOutputStream(0);

    /// Which side we are. A client masks what it sends, and a server does not.
    public enum Side {
        CLIENT,
        SERVER
    }

    /// One on a connection whose handshake is done; the connection is closed here.
    public WebSocket(Connection connection, Side side, int messageBytesMax) {
        this(connection, side, messageBytesMax, "");
    }

    /// One for which the handshake agreed on a sub-protocol.
    public WebSocket(Connection connection, Side side, int messageBytesMax, String protocol) {
        this.connection = connection;
        this.side = side;
        this.messageBytesMax = messageBytesMax;
        this.protocol = protocol;
    }

    /// The sub-protocol that was agreed on; empty where there is none.
    public String protocol() {
        return protocol;
    }

    /// Waits for the next message. Nothing may be received after a [Message.Close].
    public Message receive() throws IOException {
        try {
            return next();
        } catch (WebSocketException e) {
            close(e.code(), String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /// A frame's head and its payload, unmasked.
    private record Frame(int opcode, boolean last, byte[] payload) {
        boolean isControl() {
            return opcode >= CLOSE;
        }
    }

    private Message next() throws IOException {
        while (true) {
            var frame = frame(begun.size());
            if (frame.opcode() == PING) {
                send(PONG, frame.payload(), 0, frame.payload().length);
                continue;
            }
            if (frame.isControl()) {
                return frame.opcode() == PONG ? new Message.Pong(frame.payload()) : closing(frame.payload());
            }
            if ((frame.opcode() == CONTINUATION) == (begunOpcode == CONTINUATION)) {
                throw new WebSocketException(PROTOCOL_ERROR, "a frame that does not continue, or continues nothing");
            }
            boolean whole = begunOpcode == CONTINUATION && frame.last();
            int opcode = begunOpcode == CONTINUATION ? frame.opcode() : begunOpcode;
            begunOpcode = frame.last() ? CONTINUATION : opcode;
            if (!whole) {
                begun.writeBytes(frame.payload());
            }
            if (frame.last()) {
                var bytes = whole ? frame.payload() : begun.toByteArray();
                if (!whole) {
                    begun = new ByteArrayOutputStream(0);
                }
                return opcode == TEXT ? new Message.Text(utf8(bytes)) : new Message.Binary(bytes);
            }
        }
    }

    private Frame frame(int before) throws IOException {
        int first = octet();
        int second = octet();
        int opcode = first & 0x0f;
        boolean last = (first & FIN) != 0;
        boolean masked = (second & MASKED) != 0;
        if ((first & 0x70) != 0) {
            throw new WebSocketException(PROTOCOL_ERROR, "reserved bits in a frame's head");
        }
        if ((opcode > BINARY && opcode < CLOSE) || opcode > PONG) {
            throw new WebSocketException(PROTOCOL_ERROR, "opcode " + opcode);
        }
        if (masked == (side == Side.CLIENT)) {
            throw new WebSocketException(PROTOCOL_ERROR, masked ? "a masked frame" : "a frame without a mask");
        }
        long length = length(second & 0x7f);
        if (opcode >= CLOSE && (!last || length > CONTROL_BYTES_MAX)) {
            throw new WebSocketException(PROTOCOL_ERROR, "a control frame that is long or in parts");
        }
        if (opcode < CLOSE && length > messageBytesMax - before) {
            throw new WebSocketException(TOO_BIG, "a message of more than " + messageBytesMax + " bytes");
        }
        byte[] mask = masked ? octets(Integer.BYTES) : NOTHING;
        byte[] payload = octets((int) length);
        if (masked) {
            mask(payload, 0, payload.length, mask);
        }
        return new Frame(opcode, last, payload);
    }

    private long length(int short7) throws IOException {
        long length = switch (short7) {
            case LENGTH_16 ->
                Short.toUnsignedLong(ByteBuffer.wrap(octets(Short.BYTES)).getShort());
            case LENGTH_64 -> ByteBuffer.wrap(octets(Long.BYTES)).getLong();
            default -> short7;
        };
        boolean minimal = short7 < LENGTH_16 || length >= (short7 == LENGTH_16 ? LENGTH_16 : 1 << Short.SIZE);
        if (!minimal) {
            throw new WebSocketException(PROTOCOL_ERROR, "a length of " + length + " that is not in its shortest form");
        }
        return length;
    }

    private static Message.Close closing(byte[] payload) throws WebSocketException {
        if (payload.length == 0) {
            return new Message.Close(NO_CODE, "");
        }
        if (payload.length == 1) {
            throw new WebSocketException(PROTOCOL_ERROR, "half a close code");
        }
        int code = Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort());
        if (code < CODE_MIN || code > CODE_MAX || NEVER_SENT.contains(code)) {
            throw new WebSocketException(PROTOCOL_ERROR, "close code " + code);
        }
        return new Message.Close(code, utf8(Arrays.copyOfRange(payload, Short.BYTES, payload.length)));
    }

    private static String utf8(byte[] bytes) throws WebSocketException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WebSocketException(NOT_UTF_8, "a text that is not UTF-8");
        }
    }

    private int octet() throws IOException {
        if (at == limit) {
            fill();
        }
        return input[at++] & 0xff;
    }

    /// So many bytes. What is kept for them grows with what has come: a peer may say that much comes, and send nothing.
    private byte[] octets(int count) throws IOException {
        var bytes = new byte[Math.min(count, BEGUN_BYTES)];
        int filled = 0;
        while (filled < count) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * filled));
            }
            int room = bytes.length - filled;
            if (at == limit && room >= input.length) {
                filled += atLeastOne(connection.read(bytes, filled, room));
                continue;
            }
            if (at == limit) {
                fill();
            }
            int n = Math.min(room, limit - at);
            System.arraycopy(input, at, bytes, filled, n);
            at += n;
            filled += n;
        }
        return bytes;
    }

    private void fill() throws IOException {
        limit = atLeastOne(connection.read(input, 0, input.length));
        at = 0;
    }

    private static int atLeastOne(int read) throws EOFException {
        if (read <= 0) {
            throw new EOFException("the peer is gone without a goodbye");
        }
        return read;
    }

    public void sendBinary(byte[] bytes, int offset, int length) throws IOException {
        send(BINARY, bytes, offset, length);
    }

    /// Sends one message that is `head` and then the bytes.
    public void sendBinary(byte[] head, byte[] bytes, int offset, int length) throws IOException {
        send(BINARY, head, bytes, offset, length);
    }

    /// Sends a text of UTF-8.
    public void sendText(byte[] utf8) throws IOException {
        send(TEXT, utf8, 0, utf8.length);
    }

    /// Asks for a pong with the same bytes, at most 125.
    public void sendPing(byte[] bytes) throws IOException {
        send(PING, bytes, 0, bytes.length);
    }

    /// Sends messages of one part each and behind them one that is `head` and then the bytes, all in one go.
    public void sendBinaries(List<byte[]> messages, byte[] head, byte[] bytes, int offset, int length)
            throws IOException {
        int all = HEAD_BYTES_MAX + head.length + length;
        for (var message : messages) {
            all += HEAD_BYTES_MAX + message.length;
        }
        var frames = ByteBuffer.allocate(all);
        for (var message : messages) {
            put(frames, BINARY, NOTHING, message, 0, message.length);
        }
        put(frames, BINARY, head, bytes, offset, length);
        send(frames);
    }

    private void send(int opcode, byte[] bytes, int offset, int length) throws IOException {
        send(opcode, NOTHING, bytes, offset, length);
    }

    private void send(int opcode, byte[] front, byte[] bytes, int offset, int rest) throws IOException {
        var frame = ByteBuffer.allocate(HEAD_BYTES_MAX + front.length + rest);
        put(frame, opcode, front, bytes, offset, rest);
        send(frame);
    }

    private void send(ByteBuffer frames) throws IOException {
        sending.lock();
        try {
            connection.write(frames.flip());
        } finally {
            sending.unlock();
        }
    }

    private void put(ByteBuffer frame, int opcode, byte[] front, byte[] bytes, int offset, int rest) {
        int length = front.length + rest;
        int masked = side == Side.CLIENT ? MASKED : 0;
        frame.put((byte) (FIN | opcode));
        if (length < LENGTH_16) {
            frame.put((byte) (masked | length));
        } else if (length < 1 << Short.SIZE) {
            frame.put((byte) (masked | LENGTH_16)).putShort((short) length);
        } else {
            frame.put((byte) (masked | LENGTH_64)).putLong(length);
        }
        if (masked == 0) {
            frame.put(front).put(bytes, offset, rest);
        } else {
            var mask = new byte[Integer.BYTES];
            MASKS.nextBytes(mask);
            frame.put(mask).put(front).put(bytes, offset, rest);
            mask(frame.array(), frame.arrayOffset() + frame.position() - length, length, mask);
        }
    }

    /// Eight bytes at a time: every byte that a client sends goes through here.
    private static void mask(byte[] bytes, int offset, int length, byte[] mask) {
        long four = Integer.toUnsignedLong(ByteBuffer.wrap(mask).getInt());
        long eight = four << Integer.SIZE | four;
        int at = offset;
        int end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ eight);
        }
        for (int i = 0; at < end; i++, at++) {
            bytes[at] ^= mask[i & 3];
        }
    }

    /// Says goodbye, ends our stream, and leaves the peer to end its own. Waits for a message that is under
    /// way, until the connection's deadline at the latest.
    public void close(int code, String reason) {
        sending.lock();
        try {
            sayGoodbye(code, reason);
        } finally {
            sending.unlock();
        }
    }

    /// The same to a peer that may not read: where a message is under way for longer than `wait`, there is no goodbye,
    /// and the connection is closed.
    public void close(int code, String reason, Duration wait) {
        try {
            if (!sending.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                connection.close();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.close();
            return;
        }
        try {
            sayGoodbye(code, reason);
        } finally {
            sending.unlock();
        }
    }

    private void sayGoodbye(int code, String reason) {
        var text = reason.getBytes(StandardCharsets.UTF_8);
        var payload = ByteBuffer.allocate(CONTROL_BYTES_MAX)
                .putShort((short) code)
                .put(text, 0, Math.min(text.length, CONTROL_BYTES_MAX - Short.BYTES));
        try {
            send(CLOSE, payload.array(), 0, payload.position());
            connection.shutdownOutput();
        } catch (IOException e) {
            connection.close();
        }
    }

    /// See [Connection#deadline].
    public void deadline(Deadline deadline) {
        connection.deadline(deadline);
    }

    @Override
    public void close() {
        connection.close();
    }
}
