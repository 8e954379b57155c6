package io.sallyport.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ContestTest {
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void givesTheMedianOfTheRounds() throws IOException {
        try (var contest = new Contest<Closeable>()) {
            contest.enter("ours", () -> closed::incrementAndGet, _ -> Map.of());
            for (double value : new double[] {5, 1, 3}) {
                contest.round(_ -> Map.of("ms", value));
            }
            assertEquals(Map.of("get.ours.ms", 3.0), contest.figures("get"));
        }
        assertEquals(1, closed.get());
    }

    @Test
    void hasNoFiguresOfWhoFailedOnceAndClosesItAllTheSame() throws IOException {
        var rounds = new AtomicInteger();
        try (var contest = new Contest<Closeable>()) {
            contest.enter("ours", () -> closed::incrementAndGet, _ -> Map.of());
            contest.round(_ -> Map.of("ms", 1.0));
            contest.round(_ -> {
                throw new IOException("answered 500");
            });
            contest.round(_ -> Map.of("ms", (double) rounds.incrementAndGet()));
            assertTrue(contest.figures("get").isEmpty());
            assertEquals(Set.of("ours"), contest.failures().keySet());
        }
        assertEquals(0, rounds.get());
        assertEquals(1, closed.get());
    }

    @Test
    void goesOnWithoutWhoDidNotStart() throws IOException {
        try (var contest = new Contest<Closeable>()) {
            contest.enter(
                    "broken",
                    () -> {
                        throw new IOException("no such program");
                    },
                    _ -> Map.of());
            contest.enter("ours", () -> closed::incrementAndGet, _ -> Map.of());
            contest.round(_ -> Map.of("ms", 1.0));
            assertEquals(Map.of("get.ours.ms", 1.0), contest.figures("get"));
            assertEquals(1, contest.failures().size());
        }
    }
}
