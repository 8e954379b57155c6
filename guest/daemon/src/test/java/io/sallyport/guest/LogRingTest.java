package io.sallyport.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogRingTest {
    private static final int BYTES_MAX = 256 << 10;

    @Test
    void keepsTheNewestBytesWhateverTheirPieces() {
        var random = new Random(7);
        for (int round = 0; round < 30; round++) {
            var ring = new LogRing();
            var all = new ByteArrayOutputStream();
            for (int i = random.nextInt(60); i >= 0; i--) {
                var bytes = new byte[random.nextInt(random.nextInt(5) == 0 ? 600_000 : 5000)];
                random.nextBytes(bytes);
                ring.append(bytes);
                all.writeBytes(bytes);
            }
            var expected = all.toByteArray();
            int from = Math.max(0, expected.length - BYTES_MAX);
            assertArrayEquals(Arrays.copyOfRange(expected, from, expected.length), ring.contents());
        }
    }

    @Test
    void reportsWithTheTime() {
        var ring = new LogRing();
        ring.report("hello");
        var line = new String(ring.contents(), StandardCharsets.UTF_8);
        assertTrue(line.matches("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z hello\n"), line);
        assertEquals(line.length(), ring.contents().length);
    }
}
