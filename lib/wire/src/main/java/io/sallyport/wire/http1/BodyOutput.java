package io.sallyport.wire.http1;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Writes a head and then its body, framed as the head says.
///
/// The head waits for the first bytes of the body and goes out with them in one write; [#flush()] sends it
/// alone.
///
/// - **Threads**: one at a time.
/// - **Errors**: a body that is longer or shorter than its `Content-Length` is an [IOException]; the connection
///   must then be closed, as after every failed write.
/// - **Closes**: [#close()] ends the body, not the connection. Not closing it is how a broken body is told.
public final class BodyOutput extends OutputStream {
    private static final int PIECE_BYTES_MAX = 64 << 10;
    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final Framing framing;
    private final @Nullable Duration writeWait;
    private byte[] head;
    private long left;
    private boolean ended;

    /// An output.
    ///
    /// @param writeWait the connection's deadline during each write, lifted after it; null: none is set
    BodyOutput(Connection connection, byte[] head, Framing framing, @Nullable Duration writeWait) {
        this.connection = connection;
        this.writeWait = writeWait;
        this.head = head;
        this.framing = framing;
        this.left = framing instanceof Framing.Length(long bytes) ? bytes : 0;
    }

    /// Whether the body has been written to its end.
    public boolean ended() {
        return ended;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        switch (framing) {
            case Framing.None none -> throw new IOException("a message without body was given " + length + " bytes");
            case Framing.Length byLength -> {
                if (length > left) {
                    throw new IOException("the body is " + (length - left) + " bytes longer than its Content-Length");
                }
                left -= length;
                send(NOTHING, from, offset, length, NOTHING);
            }
            case Framing.UntilClose untilClose -> send(NOTHING, from, offset, length, NOTHING);
            case Framing.Chunked chunked -> {
                for (int sent = 0; sent < length; sent += PIECE_BYTES_MAX) {
                    int piece = Math.min(PIECE_BYTES_MAX, length - sent);
                    send(ascii(Integer.toHexString(piece) + "\r\n"), from, offset + sent, piece, ascii("\r\n"));
                }
            }
        }
    }

    /// Writes from a buffer without any other in between. The body must have a length.
    public void write(ByteBuffer from) throws IOException {
        if (!(framing instanceof Framing.Length) || from.remaining() > left) {
            throw new IOException("the body takes no " + from.remaining() + " bytes more");
        }
        left -= from.remaining();
        flush();
        deadline();
        connection.write(from);
        lift();
    }

    @Override
    public void flush() throws IOException {
        if (head.length > 0) {
            send(NOTHING, NOTHING, 0, 0, NOTHING);
        }
    }

    @Override
    public void close() throws IOException {
        close(Headers.EMPTY);
    }

    /// Ends the body. Trailers can follow a chunked body only and are dropped elsewhere.
    public void close(Headers trailers) throws IOException {
        if (ended) {
            return;
        }
        if (left > 0) {
            throw new IOException("the body is " + left + " bytes shorter than its Content-Length");
        }
        ended = true;
        if (framing instanceof Framing.Chunked) {
            send(ascii("0\r\n"), HeadWriter.fields(trailers), ascii("\r\n"));
        } else {
            flush();
        }
    }

    private void send(byte[] before, byte[] body, byte[] after) throws IOException {
        send(before, body, 0, body.length, after);
    }

    private void send(byte[] before, byte[] body, int offset, int length, byte[] after) throws IOException {
        int around = head.length + before.length + after.length;
        if (around == 0) {
            write(connection, body, offset, length);
            return;
        }
        if (around == head.length && length == 0) {
            var alone = head;
            head = NOTHING;
            write(connection, alone, 0, alone.length);
            return;
        }
        if (length > PIECE_BYTES_MAX) {
            flush();
            write(connection, body, offset, length);
            return;
        }
        var all = new byte[around + length];
        int at = put(head, 0, head.length, all, 0);
        at = put(before, 0, before.length, all, at);
        at = put(body, offset, length, all, at);
        put(after, 0, after.length, all, at);
        head = NOTHING;
        write(connection, all, 0, all.length);
    }

    private void write(Connection to, byte[] bytes, int offset, int length) throws IOException {
        deadline();
        to.write(bytes, offset, length);
        lift();
    }

    private void deadline() {
        if (writeWait != null) {
            connection.deadline(Deadline.after(writeWait));
        }
    }

    private void lift() {
        if (writeWait != null) {
            connection.deadline(Deadline.NEVER);
        }
    }

    private static int put(byte[] from, int offset, int length, byte[] into, int at) {
        System.arraycopy(from, offset, into, at, length);
        return at + length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
