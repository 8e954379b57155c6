package io.sallyport.bench.load;

import java.io.IOException;

/// Asks again as soon as it has been answered.
final class KeptAliveConnection extends HttpConnection {
    KeptAliveConnection(Loop loop, Entry entry, Tally tally, Target target) throws IOException {
        super(loop, entry, tally, Requests.keptAlive(entry, target), target);
    }

    @Override
    void connected() throws IOException {
        send(System.nanoTime());
    }

    @Override
    void answered() throws IOException {
        tally().answered(latencyNanos());
        send(System.nanoTime());
    }
}
