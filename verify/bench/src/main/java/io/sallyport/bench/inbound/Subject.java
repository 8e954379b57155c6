package io.sallyport.bench.inbound;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A reverse proxy that finds the backend by `{port}-{id}.bench.test`, keeps connections to it, and adds
/// `X-Forwarded-For`, `-Host` and `-Proto`.
interface Subject {
    /// In keys: lower case and underscores.
    String name();

    /// For people: `nginx 1.22.1`.
    String version() throws IOException;

    /// How long it is loaded before it is measured, once for each workload.
    default Duration warmUp() {
        return Duration.ofSeconds(1);
    }

    /// Writes what its processes read, and gives their command lines in the order of their start.
    List<List<String>> commands(Site site) throws IOException;
}
