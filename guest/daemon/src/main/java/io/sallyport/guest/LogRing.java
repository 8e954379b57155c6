package io.sallyport.guest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The sandbox's log: the newest [#BYTES_MAX] bytes of what the daemon reports and of what commands write that
/// nobody follows.
///
/// - **Threads**: any.
/// - **Closes**: nobody; it lives as long as the daemon.
public final class LogRing {
    private static final int BYTES_MAX = 256 << 10;

    private final Ring ring = new Ring(BYTES_MAX);

    /// Adds a line of the daemon's own, with the time.
    public void report(String line) {
        append((Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public synchronized void append(byte[] bytes) {
        ring.append(bytes, 0, bytes.length);
    }

    /// A copy, oldest byte first.
    public synchronized byte[] contents() {
        return ring.copy(ring.oldest(), (int) (ring.written() - ring.oldest()));
    }
}
