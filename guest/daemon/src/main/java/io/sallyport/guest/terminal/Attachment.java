package io.sallyport.guest.terminal;

import io.sallyport.guest.process.RunningTerminal;
import io.sallyport.guest.process.Signals;
import io.sallyport.guest.pty.Output;
import io.sallyport.guest.pty.Output.Piece;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.ToViewer;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import io.sallyport.wire.websocket.WebSocketException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A viewer attached to a terminal, from the handshake to the goodbye.
///
/// ```
///   receive ──▶ input, size, signals, acks            the connection's thread
///   output, control messages ──▶ send                 a thread of its own; control first
/// ```
///
/// - **Limits**: a peer that says nothing for [#SILENCE_MAX] is gone; we ping every [#PING_EVERY]. One that does not
///   read may have [#PONGS_MAX] pongs waiting.
/// - **Closes**: the socket.
final class Attachment {
    private static final Duration PING_EVERY = Duration.ofSeconds(15);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(45);
    private static final Duration GOODBYE_WAIT = Duration.ofSeconds(1);
    private static final int PONGS_MAX = 64;
    private static final int STACK_BYTES = 256 << 10;
    private static final byte[] NO_BYTES = {};

    private final WebSocket socket;
    private final RunningTerminal process;
    private final Output.Viewer viewer;
    private final boolean readOnly;
    private final Attachments others;
    private final Queue<ToViewer> pongs = new ArrayBlockingQueue<>(PONGS_MAX);
    private final AtomicReference<@Nullable Size> resized = new AtomicReference<>();
    private final AtomicLong taken = new AtomicLong();
    private long received;
    private long takenTold; // only the sender's
    private volatile boolean discarding;
    private volatile boolean detached;
    private volatile boolean over;

    Attachment(WebSocket socket, RunningTerminal process, Output.Viewer viewer, boolean readOnly, Attachments others) {
        this.socket = socket;
        this.process = process;
        this.viewer = viewer;
        this.readOnly = readOnly;
        this.others = others;
    }

    /// Returns when the viewer has left or the program has ended.
    void run() {
        others.add(this);
        var sender = Thread.ofPlatform()
                .daemon()
                .stackSize(STACK_BYTES)
                .name("viewer")
                .unstarted(this::send);
        try {
            sender.start();
            receive();
        } catch (IOException e) {
            // It is gone, or broke the protocol and was told.
        } finally {
            over = true;
            others.remove(this);
            viewer.leave(!detached);
            viewer.nudge();
            socket.close();
        }
    }

    private void receive() throws IOException {
        while (true) {
            socket.deadline(Deadline.after(SILENCE_MAX));
            switch (socket.receive()) {
                case Message.Binary(byte[] bytes) -> input(bytes);
                case Message.Text(String text) -> hear(text);
                case Message.Pong pong -> {
                    // It lives.
                }
                case Message.Close close -> {
                    detached |= close.code() == WebSocket.NORMAL;
                    return;
                }
            }
        }
    }

    private void input(byte[] bytes) throws IOException {
        if (readOnly) {
            throw refused("this viewer is read-only");
        }
        received += bytes.length;
        if (received - taken.get() > TerminalApi.WINDOW_BYTES) {
            throw refused("more than " + TerminalApi.WINDOW_BYTES + " bytes of input are not taken yet");
        }
        process.terminal().add(bytes, this::took);
    }

    private void took(int bytes) {
        if (bytes > 0) {
            long now = taken.addAndGet(bytes);
            if (now / TerminalApi.ACK_BYTES != (now - bytes) / TerminalApi.ACK_BYTES) {
                viewer.nudge();
            }
        }
    }

    private void hear(String text) throws IOException {
        FromViewer said;
        try {
            said = RecordJson.read(text.getBytes(StandardCharsets.UTF_8), FromViewer.class);
        } catch (JsonException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        if (said.ack() != null) {
            if (!viewer.ack(said.ack().upTo())) {
                throw refused("ack of " + said.ack().upTo() + ", which was not sent yet");
            }
        } else if (said.ping() != null) {
            if (!pongs.offer(ToViewer.pong(said.ping().id()))) {
                throw refused("more than " + PONGS_MAX + " pings that were not answered yet");
            }
            viewer.nudge();
        } else if (said.detach() != null) {
            detached = true;
        } else if (said.resize() != null) {
            resize(said.resize());
        } else if (said.signal() != null) {
            signal(said.signal());
        } else {
            throw refused("a message that says nothing known: " + text.substring(0, Math.min(80, text.length())));
        }
    }

    private void resize(Size size) throws IOException {
        if (readOnly) {
            throw refused("this viewer is read-only");
        }
        if (!size.valid()) {
            throw refused("resize: " + size + " (expected: 1x1 to " + Size.MAX + "x" + Size.MAX + ")");
        }
        process.terminal().resize(size);
        others.resized(this, size);
    }

    private void signal(FromViewer.Signal signal) throws IOException {
        if (readOnly) {
            throw refused("this viewer is read-only");
        }
        var number = Signals.number(String.valueOf(signal.name()));
        if (number.isEmpty()) {
            throw refused("signal: " + signal.name() + " (expected: " + String.join(", ", Signals.names()) + ")");
        }
        try {
            process.terminal().signal(number.getAsInt());
        } catch (ErrnoException e) {
            throw refused("signal: " + e.getMessage());
        }
        if (signal.discard()) {
            discarding = true;
            viewer.nudge();
        }
    }

    void resized(Size size) {
        resized.set(size);
        viewer.nudge();
    }

    /// The sandbox ends.
    void farewell() {
        socket.close(WebSocket.GOING_AWAY, "the sandbox has ended", GOODBYE_WAIT);
    }

    private IOException refused(String why) {
        socket.close(WebSocket.POLICY, why, GOODBYE_WAIT);
        return new IOException(why);
    }

    private void send() {
        try {
            var attached = new ToViewer.Attached(
                    process.id(),
                    process.pid(),
                    viewer.next(),
                    process.terminal().size(),
                    readOnly);
            socket.sendText(RecordJson.write(ToViewer.attached(attached)));
            boolean more = true;
            long pingNanos = System.nanoTime() + PING_EVERY.toNanos();
            while (more && !over) {
                sendControl();
                if (System.nanoTime() - pingNanos >= 0) {
                    socket.sendPing(NO_BYTES);
                    pingNanos = System.nanoTime() + PING_EVERY.toNanos();
                }
                more = sendPiece(Duration.ofNanos(Math.max(0, pingNanos - System.nanoTime())));
            }
        } catch (WebSocketException e) {
            throw new IllegalStateException("nothing is received here", e);
        } catch (IOException e) {
            socket.close();
        }
    }

    private void sendControl() throws IOException {
        var size = resized.getAndSet(null);
        if (size != null) {
            socket.sendText(RecordJson.write(ToViewer.resized(size)));
        }
        for (var pong = pongs.poll(); pong != null; pong = pongs.poll()) {
            socket.sendText(RecordJson.write(pong));
        }
        if (discarding) {
            discarding = false;
            var gap = viewer.discard();
            socket.sendText(RecordJson.write(ToViewer.gap(gap.from(), gap.to(), gap.reason())));
        }
        long now = taken.get();
        if (now - takenTold >= TerminalApi.ACK_BYTES) {
            takenTold = now;
            socket.sendText(RecordJson.write(ToViewer.taken(now)));
        }
    }

    /// False when there is nothing more to send.
    private boolean sendPiece(Duration wait) throws IOException {
        switch (viewer.take(TerminalApi.MESSAGE_BYTES_MAX, wait)) {
            case Piece.Bytes(long from, byte[] bytes) -> socket.sendBinary(bytes, 0, bytes.length);
            case Piece.Gap(long from, long to, String reason) ->
                socket.sendText(RecordJson.write(ToViewer.gap(from, to, reason)));
            case Piece.Nothing nothing -> {
                // Control, or the time for a ping.
            }
            case Piece.End end -> {
                sendControl();
                var exit = process.exit();
                if (exit != null) {
                    socket.sendText(RecordJson.write(ToViewer.exit(exit)));
                }
                socket.close(WebSocket.NORMAL, "the program has ended");
                return false;
            }
        }
        return true;
    }
}
