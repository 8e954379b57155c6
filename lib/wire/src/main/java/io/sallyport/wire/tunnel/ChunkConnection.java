package io.sallyport.wire.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A v1 tunnel: one stream each way, as chunks on a WebSocket of its own.
///
/// v1 has no word for the end of a stream. [#shutdownOutput()] says the WebSocket's goodbye and still reads; a peer
/// of ours goes on sending then, and any other closes, which is as much half-close as v1 has. A goodbye of the peer
/// is the end of its stream when it is an ordinary one, and else an error, as is a WebSocket that ends without.
///
/// - **Threads**: as [Connection] says.
/// - **Limits**: at most one message of [Chunk#MESSAGE_BYTES_MAX] is kept, and nothing is read that nobody wants: a
///   slow reader slows the sender. Every [#KEEP_ALIVE] an empty chunk and a ping go out; a reader that hears nothing
///   for one to two of these intervals finds the connection closed.
/// - **Errors**: what is no chunk closes the WebSocket with 1002, 1003 (a text) or 1009 and is an [IOException].
/// - **Closes**: [#close()] the WebSocket, without a goodbye: the peer must not take it for an end.
///
/// Source: reference/egress.md §1.3–§1.5.
public final class ChunkConnection implements Connection {
    /// Half of what lets proxies on the way close a quiet connection, with something to spare.
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private static final byte[] NOTHING = {};

    private final WebSocket socket;
    private final Heartbeat heartbeat;
    private volatile boolean reading;
    private volatile boolean heard = true;
    private volatile boolean outputEnded;
    private byte[] message = NOTHING;
    private int at;
    private int limit;
    private boolean inputEnded;

    public ChunkConnection(WebSocket socket) {
        this(socket, KEEP_ALIVE);
    }

    ChunkConnection(WebSocket socket, Duration keepAlive) {
        this.socket = socket;
        this.heartbeat = Heartbeat.start(keepAlive, this::beat);
    }

    private void beat(boolean late) {
        boolean silent = reading && !heard && !late && !outputEnded; // who said goodbye does not ping
        heard = !reading; // who begins to read now has heard nothing because nobody listened
        if (silent) {
            close();
            return;
        }
        try {
            if (!outputEnded) {
                var chunk = Chunk.keepAlive();
                socket.sendBinary(chunk, 0, chunk.length);
                socket.sendPing(NOTHING);
            }
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (at == limit) {
            if (inputEnded || !receive()) {
                return -1;
            }
        }
        return take(into, offset, length);
    }

    /// Gives what is left of the last chunk; one that is still to be received is not looked for.
    @Override
    public int readNow(byte[] into, int offset, int length) {
        return at == limit && inputEnded ? -1 : take(into, offset, length);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (at == limit) {
            if (inputEnded || !receive()) {
                return -1;
            }
        }
        int n = Math.min(into.remaining(), limit - at);
        into.put(message, at, n);
        taken(n);
        return n;
    }

    private int take(byte[] into, int offset, int length) {
        int n = Math.min(length, limit - at);
        System.arraycopy(message, at, into, offset, n);
        taken(n);
        return n;
    }

    private void taken(int bytes) {
        at += bytes;
        if (at == limit) {
            message = NOTHING;
            at = 0;
            limit = 0;
        }
    }

    /// Receives one message; false when it was the goodbye that ends the stream.
    private boolean receive() throws IOException {
        Message received;
        reading = true;
        try {
            received = socket.receive();
        } finally {
            reading = false;
        }
        heard = true;
        return switch (received) {
            case Message.Binary(byte[] bytes) -> {
                chunk(bytes);
                yield true;
            }
            case Message.Pong pong -> true;
            case Message.Text text -> throw refuse("a text in a tunnel", WebSocket.UNSUPPORTED);
            case Message.Close(int code, String reason) -> {
                inputEnded = true;
                if (code != WebSocket.NORMAL && code != WebSocket.NO_CODE) {
                    close();
                    throw new EOFException("the tunnel was closed with " + code);
                }
                yield false;
            }
        };
    }

    private void chunk(byte[] bytes) throws IOException {
        switch (Chunk.decode(bytes)) {
            case Chunk.Decoded.Data(byte[] data, int offset, int length) -> {
                message = data;
                at = offset;
                limit = offset + length;
            }
            case Chunk.Decoded.KeepAlive keepAlive -> {}
            case Chunk.Decoded.Malformed(String reason, int code) -> throw refuse(reason, code);
        }
    }

    private IOException refuse(String reason, int code) {
        heartbeat.close();
        outputEnded = true;
        Goodbye.say(socket, code, reason);
        return new TunnelException(reason, code);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; sent += Chunk.DATA_BYTES_MAX) {
            if (outputEnded) {
                throw new IOException("this side's stream has ended");
            }
            int piece = Math.min(length - sent, Chunk.DATA_BYTES_MAX);
            socket.sendBinary(Chunk.head(piece), from, offset + sent, piece);
        }
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        if (from.hasArray()) {
            write(from.array(), from.arrayOffset() + from.position(), from.remaining());
            from.position(from.limit());
            return;
        }
        var bytes = new byte[Math.min(from.remaining(), Chunk.DATA_BYTES_MAX)];
        while (from.hasRemaining()) {
            int n = Math.min(from.remaining(), bytes.length);
            from.get(bytes, 0, n);
            write(bytes, 0, n);
        }
    }

    @Override
    public void shutdownOutput() {
        if (!outputEnded) {
            outputEnded = true;
            socket.close(WebSocket.NORMAL, "");
        }
    }

    @Override
    public void deadline(Deadline deadline) {
        socket.deadline(deadline);
    }

    @Override
    public String peerAddress() {
        return "";
    }

    @Override
    public void close() {
        heartbeat.close();
        socket.close();
    }
}
