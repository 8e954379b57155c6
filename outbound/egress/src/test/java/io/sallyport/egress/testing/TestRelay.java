package io.sallyport.egress.testing;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tunnel.Chunk;
import io.sallyport.wire.tunnel.ChunkConnection;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.websocket.Handshake;
import io.sallyport.wire.websocket.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// A relay as a sandbox has it, played by the test: it may say whatever it likes.
public final class TestRelay implements Closeable {
    public static final Duration WAIT = Duration.ofSeconds(10);

    private final EgressDoor door;
    private final SandboxId sandbox;
    private final String token;
    private final List<Closeable> opened = new ArrayList<>();

    public TestRelay(EgressDoor door, SandboxId sandbox, String token) {
        this.door = door;
        this.sandbox = sandbox;
        this.token = token;
    }

    /// A connection out of the sandbox.
    public Connection connect() throws IOException {
        try (var listener = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            var ours = SocketConnection.of(SocketChannel.open(listener.getLocalAddress()));
            ours.deadline(Deadline.after(WAIT));
            opened.add(ours);
            door.take(sandbox, SocketConnection.of(listener.accept()));
            return ours;
        }
    }

    /// What the door answered.
    ///
    /// @param text of its body
    public record Answer(ResponseHead head, String text) {
        public int status() {
            return head.status();
        }

        public String header(String name) {
            return head.headers().first(name).orElse("");
        }
    }

    public Answer get(String target, String... headers) throws IOException {
        var http = new HttpClient(connect(), HttpLimits.DEFAULT);
        var request = RequestHead.of("GET", target, Headers.of("Host", "door").with("Connection", "close"));
        for (int i = 0; i < headers.length; i += 2) {
            request = request.withHeaders(request.headers().with(headers[i], headers[i + 1]));
        }
        http.send(request, Framing.NONE).close();
        return answer(http, "GET");
    }

    private static Answer answer(HttpClient http, String method) throws IOException {
        var head = http.readHead();
        var body = http.body(Framing.of(head, method));
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[1024];
        while (!body.ended()) {
            int n = body.read(buffer, 0, buffer.length);
            bytes.write(buffer, 0, Math.max(0, n));
        }
        return new Answer(head, bytes.toString(StandardCharsets.UTF_8));
    }

    public String bearer() {
        return "Bearer " + token;
    }

    public WebSocket upgrade(String protocol) throws IOException {
        var http = new HttpClient(connect(), HttpLimits.DEFAULT);
        var headers = Headers.of("Host", "door", "Authorization", bearer(), "Content-Type", EgressApi.CONTENT_TYPE);
        if (!protocol.isEmpty()) {
            headers = headers.with(Handshake.PROTOCOL, protocol);
        }
        return switch (Handshake.ask(http, EgressApi.TUNNEL, headers, Chunk.MESSAGE_BYTES_MAX)) {
            case Handshake.Asked.Opened(var socket) -> socket;
            case Handshake.Asked.Refused(var head) -> throw new IOException("refused with " + head.status());
        };
    }

    /// A v1 tunnel, before its head.
    public Connection v1() throws IOException {
        return new ChunkConnection(upgrade(""));
    }

    public MuxSession v2() throws IOException {
        var session = MuxSession.client(upgrade(EgressApi.PROTOCOL_V2));
        opened.add(session);
        return session;
    }

    /// The head of a tunnel, with the right credentials.
    ///
    /// @param scheme empty: the relay does not say
    public String head(String authority, String scheme) {
        return head(authority, scheme, sandbox.text(), token);
    }

    public static String head(String authority, String scheme, String user, String password) {
        var basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return "CONNECT " + authority + " HTTP/1.1\r\n"
                + (scheme.isEmpty() ? "" : EgressApi.SCHEME + ": " + scheme + "\r\n")
                + "Proxy-Authorization: Basic " + basic + "\r\n\r\n";
    }

    /// A tunnel that was asked for, on a session of its own.
    public Tunnel open(String authority, String scheme) throws IOException {
        return ask(v2().open(), head(authority, scheme));
    }

    /// Sends a head, and reads what the gateway says to it.
    public static Tunnel ask(Connection stream, String head) throws IOException {
        stream.deadline(Deadline.after(WAIT));
        send(stream, head);
        var http = new HttpClient(stream, HttpLimits.DEFAULT);
        var answer = http.readHead();
        if (answer.status() == 200) {
            return new Tunnel(200, "", "", http.takeOver());
        }
        var reason = answer.headers().first("Sallyport-Egress-Reason").orElse("");
        var body = http.body(Framing.of(answer, "GET"));
        var bytes = new byte[4096];
        int length = 0;
        while (!body.ended()) {
            length += Math.max(0, body.read(bytes, length, bytes.length - length));
        }
        return new Tunnel(answer.status(), reason, new String(bytes, 0, length, StandardCharsets.UTF_8), stream);
    }

    public static void send(Connection connection, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        connection.write(bytes, 0, bytes.length);
    }

    /// What became of a tunnel that was asked for.
    ///
    /// @param reason of the refusal; empty where there is none
    /// @param body of the refusal
    public record Tunnel(int status, String reason, String body, Connection connection) {
        public void send(String text) throws IOException {
            TestRelay.send(connection, text);
        }

        /// So many bytes, fewer at the end of the stream.
        public String receive(int length) throws IOException {
            return new String(receiveBytes(length), StandardCharsets.ISO_8859_1);
        }

        public byte[] receiveBytes(int length) throws IOException {
            var bytes = new byte[length];
            int filled = 0;
            while (filled < length) {
                int n = connection.read(bytes, filled, length - filled);
                if (n < 0) {
                    break;
                }
                filled += n;
            }
            return Arrays.copyOf(bytes, filled);
        }

        /// What still comes until the tunnel ends, however it does.
        public String receiveRest() {
            var all = new StringBuilder();
            var bytes = new byte[1024];
            try {
                for (int n = connection.read(bytes, 0, bytes.length);
                        n >= 0;
                        n = connection.read(bytes, 0, bytes.length)) {
                    all.append(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                // It was cut.
            }
            return all.toString();
        }
    }

    @Override
    public void close() throws IOException {
        for (var one : opened) {
            one.close();
        }
    }
}
