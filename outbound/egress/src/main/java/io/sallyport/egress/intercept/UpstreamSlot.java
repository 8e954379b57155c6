package io.sallyport.egress.intercept;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The one connection to the host that a client's connection has at a time; never anybody else's.
///
/// - **Threads**: that of the client's connection.
final class UpstreamSlot implements Closeable {
    private static final Duration OPEN_WAIT = Duration.ofSeconds(20);

    private final UpstreamOpener opener;
    private @Nullable HttpClient kept;
    private boolean usedBefore;

    UpstreamSlot(UpstreamOpener opener) {
        this.opener = opener;
    }

    /// The kept connection where the host has not touched it since, else a new one.
    HttpClient take() throws RefusedException {
        var one = kept;
        kept = null;
        usedBefore = one != null && one.quiet();
        if (one != null && usedBefore) {
            return one;
        }
        if (one != null) {
            one.close();
        }
        try {
            return new HttpClient(opener.open(Deadline.after(OPEN_WAIT)), HttpLimits.DEFAULT);
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            throw new RefusedException(EgressReason.CONNECT_FAILED, "");
        }
    }

    /// Whether what was taken last has carried a request before.
    boolean usedBefore() {
        return usedBefore;
    }

    void keep(HttpClient one) {
        kept = one;
    }

    /// Also closes what was opened and never taken.
    @Override
    public void close() {
        if (kept != null) {
            kept.close();
            kept = null;
        }
        opener.close();
    }
}
