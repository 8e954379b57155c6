package io.sallyport.bench.outbound;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A way out of a sandbox.
interface Subject {
    /// In keys: lower case.
    String name();

    /// For people: `squid 5.7`.
    String version() throws IOException;

    /// How long it is loaded before it is measured, once for each workload.
    default Duration warmUp() {
        return Duration.ofSeconds(1);
    }

    /// Waits until it lets tunnels through, where that takes longer than its ports to open.
    default void settle(Site site) throws IOException {}

    /// Whether it has this way of working at all.
    default boolean takesPart(OutboundWorkload workload) {
        return true;
    }

    /// Whether clients ask it by CONNECT. Else they send TLS as if it were the origin.
    default boolean speaksConnect() {
        return true;
    }

    /// Writes what its processes read, and gives their command lines in the order of their start. They listen on
    /// the site's port, a second one on its inner port.
    List<List<String>> commands(Site site) throws IOException;

    /// The certificate that clients have to trust where it intercepts. There once it runs.
    Path authority(Site site);
}
