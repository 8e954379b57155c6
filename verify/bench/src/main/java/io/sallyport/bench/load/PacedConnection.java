package io.sallyport.bench.load;

import java.io.IOException;
import java.time.Duration;

/// Asks at a fixed rate. A request that has to wait for the answer before it counts from when it was due all
/// the same. Several with staggered beginnings keep the rate up while answers are slow.
final class PacedConnection extends HttpConnection {
    private final long everyNanos;
    private long dueNanos;

    PacedConnection(Loop loop, Entry entry, Tally tally, Target target, Duration every, Duration begin)
            throws IOException {
        super(loop, entry, tally, Requests.keptAlive(entry, target), target);
        this.everyNanos = every.toNanos();
        this.dueNanos = System.nanoTime() + begin.toNanos();
    }

    @Override
    void connected() {
        askWhenDue();
    }

    @Override
    void answered() {
        tally().answered(latencyNanos());
        dueNanos += everyNanos;
        askWhenDue();
    }

    private void askWhenDue() {
        loop().at(dueNanos, this::ask);
    }

    private void ask() {
        if (!channel().isOpen()) {
            return;
        }
        try {
            send(dueNanos);
        } catch (IOException e) {
            fail(e);
        }
    }
}
