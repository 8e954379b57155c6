package io.sallyport.bench.pty;

import io.sallyport.bench.Choice;
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
        return Choice.of("--only", List.of(values()), PtyWorkload::key, names);
    }
}
