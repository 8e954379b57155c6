package io.sallyport.cli;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.ToViewer;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.websocket.Handshake;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A terminal without a program: what is its output, how slowly it takes input and when it breaks off is up
/// to the test. It holds viewers to the protocol of docs/terminals.md, and remembers who breaks it.
///
/// - **Threads**: one per connection sends, one receives; everything shared is behind this object's lock.
final class FakeTerminal implements Closeable {
    static final String ID = "t-1a2b";
    private static final int SMALL_STEP = 16_381;
    private static final int MOST_OF_THE_WINDOW = 200_000;
    private static final Pattern SINCE = Pattern.compile("since=([0-9]+)");

    private final HttpServer server;
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private final List<Long> sinces = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final List<WebSocket> open = new ArrayList<>();
    private byte[] output = {};
    private ToViewer.@Nullable Exit exit;
    private long oldest;
    private int acks;
    private int piece = TerminalApi.MESSAGE_BYTES_MAX;

    // What the test wants.
    private long breakEvery = Long.MAX_VALUE;
    private int takeBytes = Integer.MAX_VALUE;
    private int leaves;
    private boolean takesNothing;
    private boolean mute;
    private @Nullable String refusal;

    FakeTerminal() throws IOException {
        server = HttpServer.start(
                List.of(Loopback.v4(0)),
                HttpServer.Config.DEFAULT,
                Thread.ofVirtual().factory(),
                this::handle);
    }

    int port() {
        return server.address().getPort();
    }

    synchronized FakeTerminal prints(byte[] bytes) {
        var longer = Arrays.copyOf(output, output.length + bytes.length);
        System.arraycopy(bytes, 0, longer, output.length, bytes.length);
        output = longer;
        notifyAll();
        return this;
    }

    synchronized FakeTerminal inPiecesOf(int bytes) {
        piece = bytes;
        return this;
    }

    synchronized void ends(int code) {
        exit = new ToViewer.Exit(code, true, "exit status " + code);
        notifyAll();
    }

    /// Cuts each connection after so many bytes of output.
    synchronized FakeTerminal breaksEvery(long bytes) {
        breakEvery = bytes;
        return this;
    }

    /// Has only the output from this number on.
    synchronized FakeTerminal keepsFrom(long number) {
        oldest = number;
        return this;
    }

    /// Takes input in small steps, and leaves most of the window full.
    synchronized FakeTerminal takesSlowly() {
        takeBytes = SMALL_STEP;
        leaves = MOST_OF_THE_WINDOW;
        return this;
    }

    synchronized FakeTerminal takesNothing(boolean now) {
        takesNothing = now;
        return this;
    }

    /// Says nothing at all from now on, not even pong.
    synchronized FakeTerminal mute(boolean now) {
        mute = now;
        return this;
    }

    synchronized FakeTerminal refuses(String message) {
        refusal = message;
        return this;
    }

    /// Cuts all connections now.
    synchronized void cut() {
        open.forEach(WebSocket::close);
        open.clear();
    }

    /// Tells all viewers something.
    synchronized void tell(ToViewer message) throws IOException {
        for (var socket : open) {
            socket.sendText(RecordJson.write(message));
        }
    }

    synchronized byte[] input() {
        return input.toByteArray();
    }

    synchronized int inputBytes() {
        return input.size();
    }

    synchronized List<Long> sinces() {
        return List.copyOf(sinces);
    }

    /// The text messages of viewers, but for acknowledgements.
    synchronized List<String> said() {
        return List.copyOf(said);
    }

    /// How viewers broke the protocol.
    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized int acks() {
        return acks;
    }

    private void handle(Exchange exchange) throws IOException {
        var target = exchange.request().target();
        if (!target.startsWith(TerminalApi.ATTACH + ID + "?")) {
            exchange.refuse(404, "no terminal at " + target);
            return;
        }
        String refused;
        synchronized (this) {
            refused = refusal;
        }
        if (refused != null) {
            exchange.refuse(404, refused);
            return;
        }
        var accepted = Handshake.accept(exchange, TerminalApi.MESSAGE_BYTES_MAX);
        if (accepted.isPresent()) {
            var since = SINCE.matcher(target);
            serve(accepted.get(), since.find() ? Optional.of(Long.parseLong(since.group(1))) : Optional.empty());
        }
    }

    /// One viewer.
    private static final class Viewer {
        private final WebSocket socket;
        private long acked;
        private boolean gone;

        Viewer(WebSocket socket) {
            this.socket = socket;
        }
    }

    private void serve(WebSocket socket, Optional<Long> since) throws IOException {
        var viewer = new Viewer(socket);
        long wanted;
        long from;
        synchronized (this) {
            wanted = since.orElse(oldest);
            from = Math.max(wanted, oldest);
            viewer.acked = from;
            sinces.add(since.orElse(-1L));
            open.add(socket);
            var attached = new ToViewer.Attached(ID, 7, wanted, Size.DEFAULT, false);
            socket.sendText(RecordJson.write(ToViewer.attached(attached)));
            if (from > wanted) {
                socket.sendText(RecordJson.write(ToViewer.gap(wanted, from, "overwritten")));
            }
        }
        Thread.ofVirtual().start(() -> {
            try {
                send(viewer, from);
            } catch (IOException | InterruptedException e) {
                socket.close();
            }
        });
        try {
            receive(viewer);
        } catch (IOException | JsonException e) {
            // It is gone.
        } finally {
            synchronized (this) {
                viewer.gone = true;
                open.remove(socket);
                notifyAll();
            }
            socket.close();
        }
    }

    private void send(Viewer viewer, long from) throws IOException, InterruptedException {
        long at = from;
        while (true) {
            byte[] next;
            synchronized (this) {
                while (!viewer.gone
                        && (mute
                                || at - viewer.acked >= TerminalApi.WINDOW_BYTES
                                || (at == output.length && exit == null))) {
                    wait();
                }
                if (viewer.gone) {
                    return;
                }
                if (at == output.length) {
                    viewer.socket.sendText(RecordJson.write(ToViewer.exit(Objects.requireNonNull(exit))));
                    viewer.socket.close(WebSocket.NORMAL, "");
                    return;
                }
                long room = Math.min(TerminalApi.WINDOW_BYTES - (at - viewer.acked), breakEvery - (at - from));
                int n = (int) Math.min(Math.min(output.length - at, piece), room);
                next = Arrays.copyOfRange(output, (int) at, (int) at + n);
            }
            viewer.socket.sendBinary(next, 0, next.length);
            at += next.length;
            if (at - from >= breakEvery) {
                synchronized (this) { // a close on what was not read resets, and takes back what was sent
                    while (!viewer.gone && viewer.acked - from < TerminalApi.ACK_BYTES) {
                        wait();
                    }
                }
                viewer.socket.close();
                return;
            }
        }
    }

    private void receive(Viewer viewer) throws IOException, JsonException {
        long got = 0;
        long taken = 0;
        while (true) {
            switch (viewer.socket.receive()) {
                case Message.Binary(var bytes) -> {
                    long take;
                    int step;
                    synchronized (this) {
                        input.writeBytes(bytes);
                        got += bytes.length;
                        take = takesNothing ? 0 : got - taken - leaves;
                        step = takeBytes;
                        notifyAll();
                    }
                    if (got - taken > TerminalApi.WINDOW_BYTES) {
                        violation("more input than may be on its way: " + (got - taken));
                    }
                    while (take > 0) {
                        long n = Math.min(take, step);
                        take -= n;
                        taken += n;
                        viewer.socket.sendText(RecordJson.write(ToViewer.taken(taken)));
                    }
                }
                case Message.Text(var text) -> {
                    var message = RecordJson.read(text.getBytes(StandardCharsets.UTF_8), FromViewer.class);
                    heard(viewer, text, message);
                }
                case Message.Pong _ -> {}
                case Message.Close _ -> {
                    return;
                }
            }
        }
    }

    private synchronized void heard(Viewer viewer, String text, FromViewer message) throws IOException {
        if (message.ack() != null) {
            acks++;
            if (message.ack().upTo() <= viewer.acked || message.ack().upTo() > output.length) {
                violation("an acknowledgement of " + message.ack().upTo());
            }
            viewer.acked = message.ack().upTo();
        } else {
            said.add(text);
            if (message.ping() != null && !mute) {
                viewer.socket.sendText(
                        RecordJson.write(ToViewer.pong(message.ping().id())));
            }
        }
        notifyAll();
    }

    private synchronized void violation(String what) {
        broken.add(what);
    }

    @Override
    public void close() throws IOException {
        cut();
        server.close();
    }
}
