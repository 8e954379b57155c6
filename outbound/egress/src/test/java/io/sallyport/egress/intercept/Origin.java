package io.sallyport.egress.intercept;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A host on the loopback interface that does as a script says, and remembers the heads it was sent.
final class Origin implements Closeable {
    private static final int WAIT_MS = 10_000;

    private final ServerSocket listener;
    private final Script script;
    private final @Nullable SSLContext tls;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final List<String> heads = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    /// What it does with one request whose head was read. Returns false to close the connection,
    /// and throws to cut it without a `close_notify`.
    interface Script {
        boolean answer(String head, InputStream in, OutputStream out) throws IOException;
    }

    /// One that answers every request with the same bytes.
    static Script always(String answer) {
        return (head, in, out) -> {
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        };
    }

    static Script ok(String body) {
        return always("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /// A host.
    ///
    /// @param tls null: plain TCP
    Origin(@Nullable SSLContext tls, Script script) throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        this.listener = new ServerSocket(0, 50, loopback);
        this.tls = tls;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                socket.setSoTimeout(WAIT_MS);
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private Socket speaking(Socket raw) throws IOException {
        if (tls == null) {
            return raw;
        }
        var socket = (SSLSocket) tls.getSocketFactory().createSocket(raw, null, raw.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private void serve(Socket raw) {
        try (raw;
                var socket = speaking(raw)) {
            boolean more = true;
            while (more) {
                var head = readHead(socket.getInputStream());
                if (head.isEmpty()) {
                    return;
                }
                heads.add(head);
                more = answer(raw, head, socket);
                socket.getOutputStream().flush();
            }
        } catch (IOException e) {
            // The other side has gone, which many tests are about.
        }
    }

    private boolean answer(Socket raw, String head, Socket socket) throws IOException {
        try {
            return script.answer(head, socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
