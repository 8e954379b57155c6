package io.sallyport.guest.pty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PaceTest {
    @Test
    void whatTheKernelSaysIsUnderstood() throws Exception {
        assertEquals(7_000_000_001L, Pace.waited("12345 7000000001 8\n"));
        var now = Files.readString(Path.of("/proc/thread-self/schedstat"));
        assertTrue(Pace.waited(now) > 0, now);
    }

    @Test
    void restsTwiceTheWaitWithinBounds() {
        assertEquals(0, Pace.restNanos(0));
        assertEquals(0, Pace.restNanos(999_999));
        assertEquals(2_000_000, Pace.restNanos(1_000_000));
        assertEquals(50_000_000, Pace.restNanos(900_000_000));
    }

    @Test
    void whatItDoesNotSayIsNoWait() {
        for (var line : new String[] {"", "0", "x y z", "1 -5 2", "1  2 3"}) {
            assertEquals(0, Pace.waited(line), line);
        }
    }
}
