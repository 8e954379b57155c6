package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.testing.MemoryConnection;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bodies written by one side and read by the other, cut into reads of every size; and bytes that are no HTTP
/// at all.
final class BodyFuzzTest {
    private static final long SEED = 42;

    private final Random random = new Random(SEED);

    @Test
    void everyBodyComesThroughWhateverTheReadsAre() throws IOException {
        for (int round = 0; round < 500; round++) {
            var content = new byte[random.nextInt(200_000)];
            random.nextBytes(content);
            var wire = new MemoryConnection(new byte[0], 0, 1);
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
            var bytes = wire.written();
            var read = new MemoryConnection(bytes, bytes.length, 1 + random.nextInt(3000));
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
}
