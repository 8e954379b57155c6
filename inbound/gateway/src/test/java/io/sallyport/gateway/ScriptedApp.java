package io.sallyport.gateway;

import io.sallyport.wire.net.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// An app that says exactly what a test tells it to, for what no well-behaved server does.
final class ScriptedApp implements Closeable {
    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private ScriptedApp(ServerSocket server) {
        this.server = server;
    }

    /// What the app does with its n-th connection, counted from 1.
    interface Behaviour {
        void run(int connection, Talk talk) throws IOException;
    }

    static ScriptedApp start(Behaviour behaviour) throws IOException {
        var server = new ServerSocket();
        server.bind(Loopback.v4(0));
        var app = new ScriptedApp(server);
        Thread.ofVirtual().start(() -> app.accept(behaviour));
        return app;
    }

    /// Answers every request with `response`, on one connection after the other.
    static ScriptedApp answering(String response) throws IOException {
        return start((connection, talk) -> {
            while (talk.readRequest()) {
                talk.say(response);
            }
        });
    }

    private void accept(Behaviour behaviour) {
        try {
            while (true) {
                var socket = server.accept();
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        behaviour.run(number, new Talk(socket));
                    } catch (IOException e) {
                        // The gateway has ended the connection.
                    }
                });
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    int connections() {
        return connections.get();
    }

    /// Every request that was read, head and body.
    List<String> requests() {
        return requests;
    }

    String lastRequest() {
        return requests.getLast();
    }

    /// The app's side of one connection.
    final class Talk {
        private final Socket socket;
        private final InputStream in;

        Talk(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            socket.setTcpNoDelay(true);
        }

        /// Reads a head and a body of the length it states; false at the end of the stream.
        boolean readRequest() throws IOException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return false;
                }
                head.write(b);
            }
            var text = head.toString(StandardCharsets.ISO_8859_1);
            requests.add(text + body(text));
            return true;
        }

        private String body(String head) throws IOException {
            for (var line : head.split("\r\n", -1)) {
                if (line.startsWith("Content-Length: ")) {
                    return new String(in.readNBytes(Integer.parseInt(line.substring(16))), StandardCharsets.ISO_8859_1);
                }
                if (line.equals("Transfer-Encoding: chunked")) {
                    var chunks = new ByteArrayOutputStream();
                    while (!chunks.toString(StandardCharsets.ISO_8859_1).matches("(?s)(.*\r\n)?0\r\n(.*\r\n)?\r\n")) {
                        chunks.write(in.read());
                    }
                    return chunks.toString(StandardCharsets.ISO_8859_1);
                }
            }
            return "";
        }

        void say(String bytes) throws IOException {
            say(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        void say(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        void await(CountDownLatch latch) throws IOException {
            try {
                if (!latch.await(10, TimeUnit.SECONDS)) {
                    throw new IOException("the test did not go on");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /// Closes so that the other side sees a reset, as an app does that was killed while it thought.
        void resetAfter(Duration thought) throws IOException {
            LockSupport.parkNanos(thought.toNanos());
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /// The next byte, or -1 at the end.
        int readByte() throws IOException {
            return in.read();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
