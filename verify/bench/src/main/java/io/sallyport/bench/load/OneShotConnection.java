package io.sallyport.bench.load;

import java.io.IOException;

/// Connects anew for each request. The proxy closes first, so that it is the proxy's port that rests in
/// `TIME_WAIT`.
final class OneShotConnection extends HttpConnection {
    private long connectNanos = System.nanoTime();

    OneShotConnection(Loop loop, Entry entry, Tally tally, Target target) throws IOException {
        super(loop, entry, tally, Requests.onlyOne(entry, target), target);
    }

    @Override
    void connected() throws IOException {
        send(connectNanos);
    }

    @Override
    void answered() {
        tally().answered(latencyNanos());
    }

    @Override
    void ended() throws IOException {
        connectNanos = System.nanoTime();
        reconnect();
    }
}
