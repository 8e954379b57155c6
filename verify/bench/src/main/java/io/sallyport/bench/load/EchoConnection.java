package io.sallyport.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Opens a WebSocket and sends the next message as soon as the last one has come back.
final class EchoConnection extends LoadConnection {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = WebSocket.accept(KEY);
    private static final byte[] SWITCHED = Head.ascii("HTTP/1.1 101 ");
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
    private static final byte[] PAYLOAD = Head.ascii("0123456789".repeat(WebSocket.PAYLOAD_BYTES / 10));
    private static final byte[] EXPECTED = expected();
    private static final ByteBuffer MESSAGE = message();

    private final ByteBuffer handshake;
    private final Head head = new Head();
    private final byte[] answer = new byte[EXPECTED.length];
    private int answerBytes;
    private boolean switched;
    private long sentNanos;

    EchoConnection(Loop loop, Entry entry, Tally tally) throws IOException {
        super(loop, entry, tally);
        this.handshake = Requests.upgrade(entry, KEY);
    }

    private static byte[] expected() {
        return ByteBuffer.allocate(WebSocket.HEADER_BYTES + PAYLOAD.length)
                .put(WebSocket.BINARY)
                .put((byte) PAYLOAD.length)
                .put(PAYLOAD)
                .array();
    }

    private static ByteBuffer message() {
        var message = ByteBuffer.allocateDirect(WebSocket.HEADER_BYTES + WebSocket.MASK_BYTES + PAYLOAD.length)
                .put(WebSocket.BINARY)
                .put((byte) (WebSocket.MASKED | PAYLOAD.length))
                .put(MASK);
        for (int i = 0; i < PAYLOAD.length; i++) {
            message.put((byte) (PAYLOAD[i] ^ MASK[i % MASK.length]));
        }
        return message.flip();
    }

    @Override
    void connected() throws IOException {
        Sockets.writeAll(channel(), handshake.duplicate());
    }

    @Override
    void readable() throws IOException {
        var bytes = loop().buffer();
        if (channel().read(bytes) < 0) {
            throw new EOFException("the WebSocket ended");
        }
        bytes.flip();
        if (switched) {
            readAnswer(bytes);
        } else if (head.fill(bytes)) {
            checkSwitch();
            switched = true;
            send();
        }
    }

    private void checkSwitch() throws IOException {
        if (!head.startsWith(SWITCHED) || !head.value("Sec-WebSocket-Accept").equals(ACCEPT)) {
            throw new IOException("upgrade answered: " + head.firstLine());
        }
    }

    private void readAnswer(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > answer.length - answerBytes) {
            throw new IOException("more came back than was sent");
        }
        int n = bytes.remaining();
        bytes.get(answer, answerBytes, n);
        answerBytes += n;
        if (answerBytes < answer.length) {
            return;
        }
        if (!Arrays.equals(answer, EXPECTED)) {
            throw new IOException("something else came back than was sent");
        }
        answerBytes = 0;
        tally().answered(System.nanoTime() - sentNanos);
        send();
    }

    private void send() throws IOException {
        sentNanos = System.nanoTime();
        Sockets.writeAll(channel(), MESSAGE.duplicate());
    }
}
