package io.sallyport.relay.testing;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.tunnel.Dialer;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.tunnel.Chunk;
import io.sallyport.wire.tunnel.ChunkConnection;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.websocket.Handshake;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A gateway that lets everything through to hosts that it plays itself, by their names:
///
/// | host | it |
/// |---|---|
/// | `echo.test` | says 200 and what it is told |
/// | `first.test` | says 200 and `220 hello` in one piece, then as echo |
/// | `deny.test` | says 403 |
/// | `long.test` | says 403 with 20 KiB of headers |
/// | `silent.test` | closes without an answer |
/// | `flood.test` | says 200 and never stops, and counts what was taken |
/// | `cut.test` | says 200 and `half`, then breaks off |
/// | others | speak HTTP and say what they were asked |
public final class FakeGateway implements Dialer, Closeable {
    public static final String TOKEN = "token-1";
    public static final String DENIED =
            "HTTP/1.1 403 Forbidden\r\nSallyport-Egress-Reason: host_denied\r\nContent-Length: 2\r\n\r\n{}";
    public static final String LONG = DENIED.replace("\r\n\r\n", "\r\nX: " + "x".repeat(20 << 10) + "\r\n\r\n");

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String OK = "HTTP/1.1 200 Connection Established\r\n\r\n";

    private final boolean v2;
    private final HttpServer server;
    private final HttpServer hosts;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    /// The heads of all tunnels, as they came.
    public final Queue<String> heads = new ConcurrentLinkedQueue<>();

    /// The headers of all upgrades.
    public final Queue<Headers> upgrades = new ConcurrentLinkedQueue<>();

    public final AtomicLong flooded = new AtomicLong();
    public final AtomicInteger dials = new AtomicInteger();
    public volatile boolean away;

    public FakeGateway(boolean v2) throws IOException {
        this.v2 = v2;
        var threads = Thread.ofVirtual().factory();
        this.hosts = HttpServer.withoutListeners(HttpServer.Config.DEFAULT, threads);
        this.server = HttpServer.start(List.of(Loopback.v4(0)), HttpServer.Config.DEFAULT, threads, this::upgrade);
    }

    @Override
    public Connection dial(Deadline deadline) throws IOException {
        dials.incrementAndGet();
        if (away) {
            throw new IOException("nobody is there");
        }
        return SocketConnection.connect(SocketChannel.open(), server.address(), deadline);
    }

    private void upgrade(Exchange exchange) throws IOException {
        var headers = exchange.request().headers();
        upgrades.add(headers);
        if (!headers.first("Authorization").orElse("").equals("Bearer " + TOKEN)) {
            exchange.refuse(401, "no");
            return;
        }
        boolean many = v2 && headers.lists(Handshake.PROTOCOL, EgressApi.PROTOCOL_V2);
        var socket = Handshake.accept(exchange, many ? EgressApi.PROTOCOL_V2 : "", Chunk.MESSAGE_BYTES_MAX)
                .orElseThrow();
        if (many) {
            var session = MuxSession.server(socket, this::start);
            open.add(session);
            session.onClosed(() -> open.remove(session));
        } else {
            start(new ChunkConnection(socket));
        }
    }

    private void start(Connection tunnel) {
        Thread.ofVirtual().start(() -> {
            open.add(tunnel);
            try {
                serve(tunnel);
            } catch (IOException e) {
                tunnel.close();
            }
        });
    }

    private void serve(Connection tunnel) throws IOException {
        tunnel.deadline(Deadline.after(WAIT));
        var head = head(tunnel);
        heads.add(head);
        var host = head.substring("CONNECT ".length(), head.indexOf(':'));
        switch (host) {
            case "deny.test" -> {
                write(tunnel, DENIED);
                tunnel.shutdownOutput();
            }
            case "long.test" -> {
                write(tunnel, LONG);
                tunnel.shutdownOutput();
            }
            case "silent.test" -> tunnel.shutdownOutput();
            case "cut.test" -> {
                write(tunnel, OK + "half");
                tunnel.close();
            }
            case "flood.test" -> {
                write(tunnel, OK);
                var piece = new byte[16 << 10];
                while (true) {
                    tunnel.write(piece, 0, piece.length);
                    flooded.addAndGet(piece.length);
                }
            }
            case "echo.test" -> {
                write(tunnel, OK);
                echo(tunnel);
            }
            case "first.test" -> {
                write(tunnel, OK + "220 hello");
                echo(tunnel);
            }
            default -> {
                write(tunnel, OK);
                tunnel.deadline(Deadline.NEVER);
                hosts.serve(tunnel, FakeGateway::answer);
            }
        }
    }

    private static void answer(Exchange exchange) throws IOException {
        exchange.sendContinue();
        var body = exchange.requestBody().readAllBytes();
        var request = exchange.request();
        var text = request.method() + " " + request.target() + "\n" + request.headers() + "\n"
                + new String(body, StandardCharsets.ISO_8859_1);
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var head = ResponseHead.of(200, Headers.of("X-Host", "yes", "Keep-Alive", "timeout=5"));
        try (var out = exchange.respond(head, new Framing.Length(bytes.length))) {
            out.write(bytes);
        }
    }

    private static String head(Connection tunnel) throws IOException {
        var head = new ByteArrayOutputStream();
        var one = new byte[1];
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            if (tunnel.read(one, 0, 1) < 0) {
                throw new IOException("no head");
            }
            head.write(one[0]);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void echo(Connection tunnel) throws IOException {
        var buffer = new byte[4 << 10];
        for (int n = tunnel.read(buffer, 0, buffer.length); n >= 0; n = tunnel.read(buffer, 0, buffer.length)) {
            tunnel.write(buffer, 0, n);
        }
        tunnel.shutdownOutput();
        tunnel.close();
    }

    private static void write(Connection tunnel, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        tunnel.write(bytes, 0, bytes.length);
    }

    /// Ends every tunnel, as a gateway does that is restarted.
    public void cutAll() throws IOException {
        for (var one : open) {
            one.close();
        }
        open.clear();
    }

    public static byte[] token() {
        return TOKEN.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        cutAll();
        hosts.close();
        server.close();
    }
}
