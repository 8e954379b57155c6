package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bodies written by one side and read by the other, cut into reads of every size; and bytes that are no HTTP
/// at all.
final class BodyFuzzTest {
    private static final long SEED = 42;
    private static final int ROUNDS = 20_000;

    private final Random random = new Random(SEED);

    @Test
    void everyBodyComesThroughWhateverTheReadsAre() throws IOException {
        for (int round = 0; round < 500; round++) {
            var content = new byte[random.nextInt(200_000)];
            random.nextBytes(content);
            var wire = new Memory(new byte[0], 1);
            var framing = random.nextBoolean() ? Framing.CHUNKED : new Framing.Length(content.length);
            var trailers = Headers.of("X-Sum", Integer.toString(content.length));
            try (var out = new HttpClient(wire, HttpLimits.DEFAULT)
                    .send(RequestHead.of("POST", "/", Headers.of("Host", "a")), framing)) {
                for (int at = 0; at < content.length; ) {
                    int n = Math.min(content.length - at, 1 + random.nextInt(100_000));
                    out.write(content, at, n);
                    at += n;
                }
                out.close(trailers);
            }
            var read = new Memory(wire.written.toByteArray(), 1 + random.nextInt(3000));
            var input = new WireInput(read, HttpLimits.DEFAULT);
            var head = input.readRequest();
            assertTrue(head != null);
            var body = new BodyInput(input, Framing.of(head));
            assertArrayEquals(content, body.readAllBytes());
            assertTrue(body.ended());
            assertEquals(framing instanceof Framing.Chunked ? trailers : Headers.EMPTY, body.trailers());
            assertEquals(0, input.buffered());
        }
    }

    @Test
    void mutatedRequestsAreReadOrRefusedAndNothingElse() throws IOException {
        var seed = ("POST /p?q=1 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"
                        + "5\r\nhello\r\n0\r\nT: u\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\nabc")
                .getBytes(StandardCharsets.ISO_8859_1);
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var input = new WireInput(new Memory(mutate(seed), 1 + random.nextInt(64)), HttpLimits.DEFAULT);
            try {
                for (var head = input.readRequest(); head != null; head = input.readRequest()) {
                    new BodyInput(input, Framing.of(head)).readAllBytes();
                    read++;
                }
            } catch (BadMessageException | EOFException e) {
                refused++;
            }
        }
        assertTrue(read > 1000 && refused > 1000, read + " read, " + refused + " refused");
    }

    private byte[] mutate(byte[] seed) {
        var bytes = seed.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "\r\n :;,0\t\0".charAt(random.nextInt(9));
                case 2 -> bytes = cut(bytes, at);
                default -> bytes = twice(bytes, at);
            }
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int at) {
        var shorter = new byte[Math.max(1, bytes.length - 1)];
        System.arraycopy(bytes, 0, shorter, 0, Math.min(at, shorter.length));
        System.arraycopy(
                bytes,
                Math.min(at + 1, bytes.length),
                shorter,
                Math.min(at, shorter.length),
                Math.max(0, shorter.length - at));
        return shorter;
    }

    private static byte[] twice(byte[] bytes, int at) {
        var longer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, longer, 0, at + 1);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        return longer;
    }

    /// A connection whose peer has said everything already.
    private static final class Memory implements Connection {
        private final byte[] toRead;
        private final int readMax;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private int at;

        Memory(byte[] toRead, int readMax) {
            this.toRead = toRead;
            this.readMax = readMax;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int n = Math.min(Math.min(length, readMax), toRead.length - at);
            System.arraycopy(toRead, at, into, offset, n);
            at += n;
            return n == 0 ? -1 : n;
        }

        @Override
        public int readNow(byte[] into, int offset, int length) {
            return read(into, offset, length);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            written.write(from, offset, length);
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public void deadline(Deadline deadline) {}

        @Override
        public String peerAddress() {
            return "";
        }

        @Override
        public void close() {}
    }
}
