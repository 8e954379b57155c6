package io.sallyport.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// What [LogRingTest] does not show.
final class RingTest {
    @Test
    void copiesAcrossItsEnd() {
        try (var ring = new Ring(4096)) {
            ring.append(new byte[4000], 0, 4000);
            ring.append(new byte[] {9, 1, 2, 3}, 1, 3);
            ring.append(new byte[1000], 0, 1000);
            assertEquals(5003 - 4096, ring.oldest());
            assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, ring.copy(3999, 5));
        }
    }

    @Test
    void keepsNothingOnceClosedAndGoesOnCounting() {
        var ring = new Ring(4096);
        ring.append(new byte[10], 0, 10);
        ring.close();
        ring.close();
        ring.append(new byte[7], 0, 7);
        assertEquals(17, ring.written());
        assertEquals(17, ring.oldest());
        assertArrayEquals(new byte[0], ring.copy(17, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> ring.copy(9, 1));
    }

    @Test
    void givesOnlyWhatIsThere() {
        try (var ring = new Ring(4096)) {
            ring.append(new byte[5000], 0, 5000);
            for (long from : new long[] {-1, 903, 4998}) {
                assertThrows(IndexOutOfBoundsException.class, () -> ring.copy(from, 3), "from " + from);
            }
            assertEquals(3, ring.copy(904, 3).length);
            assertEquals(3, ring.copy(4997, 3).length);
        }
    }
}
