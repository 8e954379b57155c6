package io.sallyport.bench.pty;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.ToViewer;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.websocket.Handshake;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A viewer of a terminal, see docs/terminals.md. It wants every byte: a gap is an error.
///
/// - **Threads**: one that reads output, one that types.
/// - **Limits**: the life given to [#open]; then the connection is cut.
final class Attachment implements Closeable {
    private final WebSocket socket;
    private final long typingWaitNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mayType = lock.newCondition();
    private long typed;
    private long taken;
    private long next;
    private long acknowledged;

    private Attachment(WebSocket socket, Duration life) {
        this.socket = socket;
        this.typingWaitNanos = life.toNanos();
    }

    static Attachment open(Door door, String terminal, Duration life) throws IOException {
        var connection = door.dial(life);
        try {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var target = TerminalApi.ATTACH + terminal;
            return switch (Handshake.ask(http, target, door.headers(), TerminalApi.MESSAGE_BYTES_MAX)) {
                case Handshake.Asked.Opened(var socket) -> new Attachment(socket, life);
                case Handshake.Asked.Refused(var head) ->
                    throw new IOException("attaching to " + target + ": " + head.status());
            };
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /// Reads what a terminal of [Door#openRaw] says first.
    void awaitReady() throws IOException {
        var said = new ByteArrayOutputStream();
        while (said.size() < Door.READY.length()) {
            said.writeBytes(output().orElseThrow(() -> new IOException("the program ended: " + said)));
        }
        if (!said.toString(StandardCharsets.UTF_8).equals(Door.READY)) {
            throw new IOException("the program says: " + said);
        }
    }

    /// Waits for output, and acknowledges it in time; empty when the program has ended.
    Optional<byte[]> output() throws IOException {
        while (true) {
            switch (socket.receive()) {
                case Message.Binary(byte[] bytes) -> {
                    next += bytes.length;
                    if (next - acknowledged >= TerminalApi.ACK_BYTES) {
                        acknowledged = next;
                        socket.sendText(RecordJson.write(FromViewer.ack(next)));
                    }
                    return Optional.of(bytes);
                }
                case Message.Text(var text) -> {
                    if (ends(text)) {
                        return Optional.empty();
                    }
                }
                case Message.Pong _ -> {
                    // Nobody has asked.
                }
                case Message.Close(int code, var reason) -> throw new IOException("closed: " + code + " " + reason);
            }
        }
    }

    private boolean ends(String text) throws IOException {
        ToViewer said;
        try {
            said = RecordJson.read(text.getBytes(StandardCharsets.UTF_8), ToViewer.class);
        } catch (JsonException e) {
            throw new IOException("not understood: " + text, e);
        }
        if (said.gap() != null) {
            throw new IOException("output is missing: " + text);
        }
        if (said.attached() != null) {
            next = said.attached().from();
            acknowledged = next;
        }
        if (said.taken() != null) {
            take(said.taken().upTo());
        }
        return said.exit() != null;
    }

    private void take(long upTo) {
        lock.lock();
        try {
            taken = upTo;
            mayType.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Sends input, after waiting for the terminal to take what is on its way where that is too much.
    void type(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            long left = typingWaitNanos;
            while (typed + length - taken > TerminalApi.WINDOW_BYTES) {
                if (left <= 0) {
                    throw new IOException("the terminal takes no input");
                }
                left = mayType.awaitNanos(left);
            }
            typed += length;
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
        socket.sendBinary(bytes, offset, length);
    }

    void detach() throws IOException {
        socket.sendText(RecordJson.write(FromViewer.goodbye()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
