package io.sallyport.control.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TeamTurnsTest {
    private static final long NOW = -5; // times wrap around, and start anywhere
    private static final long LATER = NOW + TeamTurns.GAP.toNanos();
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final UUID ONE = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();

    private final TeamTurns turns = new TeamTurns();

    @Test
    void aTeamIsToldAtOnceAndThenOnceForAllThatHappensMeanwhile() {
        turns.add(ONE);
        assertEquals(List.of(ONE), turns.take(NOW));
        for (int i = 0; i < 100; i++) {
            turns.add(ONE);
            assertEquals(List.of(), turns.take(NOW + i));
        }
        assertEquals(List.of(ONE), turns.take(LATER));
        assertEquals(List.of(), turns.take(LATER));
        assertEquals(List.of(), turns.take(LATER + TeamTurns.GAP.toNanos()));
    }

    @Test
    void nobodyWaitsForATeamThatChangesSecretsAllTheTime() {
        turns.add(ONE);
        assertEquals(List.of(ONE), turns.take(NOW));
        turns.add(ONE);
        turns.add(OTHER);
        assertEquals(List.of(OTHER), turns.take(NOW + 1));
    }

    @Test
    void waitsUntilTheNextTurnAndNeverForEver() {
        assertEquals(MOST, turns.wait(MOST, NOW));
        turns.add(ONE);
        assertEquals(List.of(ONE), turns.take(NOW));
        assertEquals(MOST, turns.wait(MOST, NOW));
        turns.add(ONE);
        assertEquals(TeamTurns.GAP, turns.wait(MOST, NOW));
        assertEquals(Duration.ofMillis(1), turns.wait(MOST, LATER + 1), "0 would be for ever");
    }
}
