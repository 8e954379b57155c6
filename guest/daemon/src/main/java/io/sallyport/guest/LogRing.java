package io.sallyport.guest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The sandbox's log: the newest [#BYTES_MAX] bytes of what the daemon reports and of what commands write that
/// nobody follows.
///
/// - **Threads**: any.
public final class LogRing {
    private static final int BYTES_MAX = 256 << 10;

    private byte[] ring = new byte[1 << 10];
    private long written;

    /// Adds a line of the daemon's own, with the time.
    public void report(String line) {
        append((Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public synchronized void append(byte[] bytes) {
        while (ring.length < BYTES_MAX && written + bytes.length > ring.length) {
            var larger = new byte[2 * ring.length];
            System.arraycopy(ring, 0, larger, 0, (int) Math.min(written, ring.length));
            ring = larger;
        }
        int from = Math.max(0, bytes.length - ring.length);
        written += from;
        for (int at = from; at < bytes.length; ) {
            int into = (int) (written % ring.length);
            int n = Math.min(bytes.length - at, ring.length - into);
            System.arraycopy(bytes, at, ring, into, n);
            at += n;
            written += n;
        }
    }

    /// A copy, oldest byte first.
    public synchronized byte[] contents() {
        int kept = (int) Math.min(written, ring.length);
        var copy = new byte[kept];
        int start = (int) ((written - kept) % ring.length);
        int first = Math.min(kept, ring.length - start);
        System.arraycopy(ring, start, copy, 0, first);
        System.arraycopy(ring, 0, copy, first, kept - first);
        return copy;
    }
}
