package io.sallyport.agent.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class RateTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = Math.subtractExact(Long.MAX_VALUE, SECOND); // times wrap around

    private final Rate rate = new Rate(50, 200, START);

    @Test
    void givesWhatWasSavedAndThenSoManyASecond() {
        assertEquals(200, takenAt(START));
        assertEquals(1, takenAt(START + SECOND / 50));
        assertEquals(50, takenAt(START + SECOND / 50 + SECOND));
    }

    @Test
    void aLongRestSavesNoMoreThanAShortOne() {
        assertEquals(200, takenAt(START + 3_600 * SECOND));
    }

    private int takenAt(long now) {
        int taken = 0;
        while (rate.tryTake(now)) {
            taken++;
        }
        return taken;
    }
}
