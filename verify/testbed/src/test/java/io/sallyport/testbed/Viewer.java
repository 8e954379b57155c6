package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.ToViewer;
import io.sallyport.testbed.Installation.Sandbox;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.websocket.Handshake;
import io.sallyport.wire.websocket.Handshake.Asked;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One attached to a terminal, as docs/terminals.md says it.
final class Viewer implements Closeable {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    final WebSocket socket;
    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    final List<ToViewer> control = new ArrayList<>();
    long next;
    long taken;
    long sent;
    ToViewer.@Nullable Exit exit;
    int closeCode;

    private Viewer(WebSocket socket) {
        this.socket = socket;
    }

    /// Attaches, or gives the status that was answered instead.
    static Object ask(Installation bed, Sandbox sandbox, String target) throws IOException {
        var connection = SocketConnection.of(SocketChannel.open(bed.address()));
        connection.deadline(Deadline.after(WAIT));
        var headers = Headers.of("Host", sandbox.host(49983), GuestHeaders.ACCESS_TOKEN, sandbox.token());
        return switch (Handshake.ask(
                new HttpClient(connection, HttpLimits.DEFAULT), target, headers, MESSAGE_BYTES_MAX)) {
            case Asked.Opened(var socket) -> new Viewer(socket);
            case Asked.Refused(var head) -> {
                connection.close();
                yield head.status();
            }
        };
    }

    static Viewer attach(Installation bed, Sandbox sandbox, String id, String query) throws IOException {
        var asked = ask(bed, sandbox, TerminalApi.ATTACH + id + query);
        if (!(asked instanceof Viewer viewer)) {
            throw new AssertionError("attach to " + id + " was answered " + asked);
        }
        viewer.receiveUntil(() -> !viewer.control.isEmpty());
        var attached = Objects.requireNonNull(viewer.control.getFirst().attached());
        assertEquals(id, attached.id());
        viewer.next = attached.from();
        return viewer;
    }

    /// How the program ended, which must have been said.
    ToViewer.Exit exited() {
        return Objects.requireNonNull(exit);
    }

    void type(String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.deadline(Deadline.after(WAIT));
        socket.sendBinary(bytes, 0, bytes.length);
        sent += bytes.length;
    }

    void say(FromViewer message) throws IOException {
        socket.deadline(Deadline.after(WAIT));
        socket.sendText(RecordJson.write(message));
    }

    void ack() throws IOException {
        say(FromViewer.ack(next));
    }

    String text() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /// Receives without acknowledging.
    void receiveUntil(BooleanSupplier enough) throws IOException {
        socket.deadline(Deadline.after(WAIT));
        while (!enough.getAsBoolean() && closeCode == 0) {
            receiveOne();
        }
    }

    void receiveOne() throws IOException {
        switch (socket.receive()) {
            case Message.Binary(byte[] bytes) -> {
                output.writeBytes(bytes);
                next += bytes.length;
            }
            case Message.Text(String text) -> hear(text);
            case Message.Pong pong -> {
                // It lives.
            }
            case Message.Close(int code, String reason) -> closeCode = code;
        }
    }

    private void hear(String text) throws IOException {
        ToViewer said;
        try {
            said = RecordJson.read(text.getBytes(StandardCharsets.UTF_8), ToViewer.class);
        } catch (JsonException e) {
            throw new IOException(text, e);
        }
        control.add(said);
        if (said.taken() != null) {
            taken = said.taken().upTo();
        }
        if (said.gap() != null) {
            next = said.gap().to();
        }
        if (said.exit() != null) {
            exit = said.exit();
        }
    }

    void expect(String text) throws IOException {
        receiveUntil(() -> text().contains(text));
    }

    @Override
    public void close() {
        socket.close();
    }
}
