package io.sallyport.relay.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.tunnel.Tunnels.Mode;
import io.sallyport.wire.net.SocketConnection;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The relay's side of v1 against a server written from the description of the original alone, byte by byte.
///
/// Source: reference/egress.md §1.4.
final class OriginalPeerTest {
    private static final Duration WAIT = Duration.ofSeconds(20);

    /// What a server of the original sees and does: one tunnel, an answer, and then an echo.
    private static final class Original implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<String> request = new CompletableFuture<>();
        private final CompletableFuture<String> first = new CompletableFuture<>();

        Original() throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    serve();
                } catch (Exception e) {
                    request.completeExceptionally(e);
                    first.completeExceptionally(e);
                }
            });
        }

        private void serve() throws Exception {
            try (var accepted = socket.accept()) {
                accepted.setSoTimeout((int) WAIT.toMillis());
                var in = new DataInputStream(accepted.getInputStream());
                var out = accepted.getOutputStream();
                var head = new ByteArrayOutputStream();
                while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                    head.write(in.readByte());
                }
                var text = head.toString(StandardCharsets.US_ASCII);
                request.complete(text);
                var key = text.replaceFirst("(?s).*Sec-WebSocket-Key: ([^\r]*)\r.*", "$1");
                var sha1 = MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(sha1) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                first.complete(new String(data(Objects.requireNonNull(message(in, out))), StandardCharsets.US_ASCII));
                send(out, "HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                for (var message = message(in, out); message != null; message = message(in, out)) {
                    send(out, new byte[0]); // a keep-alive, which is not seen
                    send(out, data(message));
                }
            }
        }

        /// The payload of a binary message; null at the goodbye, which is answered.
        private static byte @Nullable [] message(DataInputStream in, OutputStream out) throws IOException {
            while (true) {
                int opcode = in.readUnsignedByte() & 0x0f;
                int length = in.readUnsignedByte() & 0x7f;
                length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
                var mask = in.readNBytes(4);
                var payload = in.readNBytes(length);
                for (int i = 0; i < length; i++) {
                    payload[i] ^= mask[i % 4];
                }
                if (opcode == 8) {
                    out.write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe8});
                    return null;
                }
                if (opcode == 2) {
                    return payload;
                }
            }
        }

        private static byte[] data(byte[] message) {
            assertEquals(0x0a, message[0]);
            int length = 0;
            int at = 1;
            for (int shift = 0; ; shift += 7) {
                length |= (message[at] & 0x7f) << shift;
                if (message[at++] >= 0) {
                    break;
                }
            }
            assertEquals(message.length - at, length);
            assertTrue(length <= 524_288);
            return java.util.Arrays.copyOfRange(message, at, message.length);
        }

        private static void send(OutputStream out, byte[] data) throws IOException {
            var message = new ByteArrayOutputStream();
            message.write(0x0a);
            int rest = data.length;
            while (rest >= 128) {
                message.write((rest & 0x7f) | 0x80);
                rest >>= 7;
            }
            message.write(rest);
            message.writeBytes(data);
            var frame = new ByteArrayOutputStream();
            frame.write(0x82);
            if (message.size() < 126) {
                frame.write(message.size());
            } else if (message.size() < 65_536) {
                frame.write(126);
                frame.write(message.size() >> 8);
                frame.write(message.size());
            } else {
                frame.write(127);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    frame.write((int) ((long) message.size() >> shift));
                }
            }
            frame.writeBytes(message.toByteArray());
            out.write(frame.toByteArray());
            out.flush();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void speaksAsTheOriginalDoes() throws Exception {
        try (var original = new Original();
                var tunnels = new Tunnels(
                        deadline -> SocketConnection.connect(SocketChannel.open(), original.address(), deadline),
                        "session-1",
                        () -> "secret".getBytes(StandardCharsets.US_ASCII),
                        Mode.V1)) {
            var tunnel = tunnels.open("api.example:443", "https", Optional.empty(), Deadline.after(WAIT));
            tunnel.deadline(Deadline.after(WAIT));
            var request = original.request.get(20, TimeUnit.SECONDS);
            assertTrue(request.startsWith("GET /v1/egress/ws HTTP/1.1\r\n"), request);
            assertTrue(request.contains("\r\nAuthorization: Bearer secret\r\n"), request);
            assertTrue(request.contains("\r\nContent-Type: application/proto\r\n"), request);
            assertEquals(
                    "CONNECT api.example:443 HTTP/1.1\r\nProxy-Authorization: Basic "
                            + Base64.getEncoder().encodeToString("session-1:secret".getBytes(StandardCharsets.US_ASCII))
                            + "\r\n\r\n",
                    original.first.get(20, TimeUnit.SECONDS));
            assertTrue(Answer.read(tunnel).connected());
            for (int length : new int[] {1, 127, 128, 16_383, 16_384, 524_288, 600_000}) {
                var sent = new byte[length];
                new Random(length).nextBytes(sent);
                var writer = Thread.ofVirtual().start(() -> {
                    try {
                        tunnel.write(sent, 0, sent.length);
                    } catch (IOException e) {
                        tunnel.close();
                    }
                });
                var back = new byte[length];
                for (int n = 0; n < length; ) {
                    int read = tunnel.read(back, n, length - n);
                    assertTrue(read > 0);
                    n += read;
                }
                assertArrayEquals(sent, back);
                assertTrue(writer.join(WAIT));
            }
            tunnel.shutdownOutput();
            assertEquals(-1, tunnel.read(new byte[1], 0, 1));
            tunnel.close();
        }
    }
}
