package io.sallyport.control.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// When a team's sandboxes are told that its secrets have changed: at once, but not again before [#GAP] is over,
/// however many changes there were meanwhile. So nobody who changes secrets all the time keeps others waiting.
///
/// - **Threads**: one.
/// - **Limits**: a team waits once; a team that has nothing to tell is forgotten after [#GAP].
final class TeamTurns {
    static final Duration GAP = Duration.ofMillis(500);

    private final Set<UUID> waiting = new LinkedHashSet<>();
    private final Map<UUID, Long> toldAtNanos = new HashMap<>();

    void add(UUID team) {
        waiting.add(team);
    }

    /// Those whose turn it is; they wait no longer.
    List<UUID> take(long nowNanos) {
        toldAtNanos.values().removeIf(at -> nowNanos - at >= GAP.toNanos());
        var due = new ArrayList<UUID>();
        for (var team : waiting) {
            if (!toldAtNanos.containsKey(team)) {
                due.add(team);
                toldAtNanos.put(team, nowNanos);
            }
        }
        due.forEach(waiting::remove);
        return due;
    }

    /// How long until somebody's turn comes: 1 ms at least, `most` at most.
    Duration wait(Duration most, long nowNanos) {
        long nanos = most.toNanos();
        for (var team : waiting) {
            var at = toldAtNanos.get(team);
            nanos = Math.min(nanos, at == null ? 0 : at + GAP.toNanos() - nowNanos);
        }
        return Duration.ofMillis(Math.max(1, Duration.ofNanos(nanos).toMillis()));
    }
}
