package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// A WebSocket to `echo.js`.
record WebSocket(Socket socket) implements Closeable {
    static WebSocket open(Http http, String host) throws IOException {
        var socket = http.open();
        socket.getOutputStream().write(upgrade(host, "/chat"));
        var head = Http.readHead(socket.getInputStream());
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        return new WebSocket(socket);
    }

    /// Says something and expects to hear it again.
    void expectEcho(String text) throws IOException {
        socket.getOutputStream().write(frame(text));
        assertEquals(text, readFrame(socket.getInputStream()));
    }

    /// Waits for its end.
    void expectCut() throws IOException {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketException e) {
            // A reset is an end, too.
        }
    }

    static byte[] upgrade(String host, String target) {
        return ("GET " + target + " HTTP/1.1\r\nHost: " + host
                        + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// A masked text frame of at most 125 bytes.
    static byte[] frame(String text) {
        var payload = text.getBytes(StandardCharsets.US_ASCII);
        var mask = new byte[] {1, 2, 3, 4};
        var frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(mask, 0, frame, 2, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ mask[i % 4]);
        }
        return frame;
    }

    static String readFrame(InputStream in) throws IOException {
        assertEquals(0x81, in.read());
        return new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
