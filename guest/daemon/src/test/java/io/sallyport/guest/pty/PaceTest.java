package io.sallyport.guest.pty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final long MS = 1_000_000;

    private final AtomicReference<OptionalLong> idle = new AtomicReference<>(OptionalLong.of(0));
    private final Pace pace = new Pace(idle::get);
    private final long began = System.nanoTime() + 1;

    /// What it rests after a batch so long after the beginning, when processors were idle for so long together.
    private long restMillis(long afterMillis, long idleMillis) {
        idle.set(OptionalLong.of(idleMillis * MS));
        return pace.restNanos(began + afterMillis * MS) / MS;
    }

    @Test
    void staysSlowWhileNoProcessorIsIdle() {
        assertEquals(4, restMillis(0, 0), "looks first");
        assertEquals(4, restMillis(50, 0));
        assertEquals(4, restMillis(100, 20));
        assertEquals(4, restMillis(200, 44), "less than a quarter of one");
        assertEquals(0, restMillis(300, 69), "one is idle a quarter of the time: as fast as it can");
    }

    @Test
    void aFloodAloneLooksForATenthOfASecondEverySecond() {
        int slow = 0;
        for (int i = 0; i < 11_000; i++) {
            slow += restMillis(i, i) > 0 ? 1 : 0;
        }
        assertEquals(1_000, slow, 10);
    }

    @Test
    void isFastWhereNobodyKnowsHowIdleTheMachineIs() {
        idle.set(OptionalLong.empty());
        for (int i = 0; i < 3_000; i++) {
            assertEquals(0, pace.restNanos(began + i * MS));
        }
    }

    @Test
    void whatTheKernelSaysIsUnderstood() throws Exception {
        assertEquals(
                OptionalLong.of(46_828_483 * 10 * MS),
                Pace.idleNanos("cpu  10132153 290696 3084719 46828483 16683 0 25195 0 0 0"));
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            assertTrue(Pace.idleNanos(lines.findFirst().orElseThrow()).isPresent());
        }
        for (var line :
                new String[] {"", "cpu", "cpu0 1 2 3 4 5", "cpu  1 2 3", "cpu  1 2 3 -4 5", "cpu  1 2 3 999999999999 5"
                }) {
            assertEquals(OptionalLong.empty(), Pace.idleNanos(line), line);
        }
    }
}
