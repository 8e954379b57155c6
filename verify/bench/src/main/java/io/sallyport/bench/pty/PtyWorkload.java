package io.sallyport.bench.pty;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What happens while, or instead of, somebody types.
public enum PtyWorkload {
    /// Nothing else.
    IDLE,
    /// Bulk both ways and small requests in another sandbox, a flood in another terminal.
    SATURATED,
    /// A terminal writes, as fast as its viewer reads.
    FLOOD,
    /// A terminal is given much at once.
    PASTE,
    /// A thousand terminals are open and say nothing: of the first subject only.
    TERMINALS;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The workloads of these names, all when none is given.
    ///
    /// @throws IllegalArgumentException for a name that is none
    public static List<PtyWorkload> named(List<String> names) {
        var known = Arrays.stream(values()).map(PtyWorkload::key).toList();
        for (var name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("--only: " + name + " (expected: " + String.join(", ", known) + ")");
            }
        }
        return Arrays.stream(values())
                .filter(workload -> names.isEmpty() || names.contains(workload.key()))
                .toList();
    }
}
