package io.sallyport.gateway.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Lane;
import io.sallyport.wire.tls.TlsDialer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Connections to one agent whose handshake is done before anybody needs them: a handshake costs a thousand
/// times what a request does.
///
/// - **Threads**: any; each taken one is replaced on a thread of the taker's lane.
/// - **Limits**: [#SPARE] connections, and as many being made; [#HANDSHAKES_MAX] at a time, which others wait
///   for in turn, so that a crowd does not make every handshake too slow; [#DIAL_WAIT] for each, waiting
///   included.
final class Spares implements Closeable {
    private static final Logger LOG = System.getLogger(Spares.class.getName());
    private static final int SPARE = 4;
    private static final int HANDSHAKES_MAX = 8;
    private static final Duration DIAL_WAIT = Duration.ofSeconds(10);

    private final TlsDialer dialer;
    private final ConcurrentLinkedDeque<Connection> ready = new ConcurrentLinkedDeque<>();
    private final AtomicInteger making = new AtomicInteger();
    private final Semaphore handshakes = new Semaphore(HANDSHAKES_MAX, true);
    private volatile boolean closed;

    Spares(TlsDialer dialer) {
        this.dialer = dialer;
    }

    /// A connection on which nothing was said yet; the caller closes it.
    Connection take() throws IOException {
        for (var next = ready.pollFirst(); next != null; next = ready.pollFirst()) {
            var good = TunnelDialer.good(next);
            if (good.isPresent()) {
                refill();
                return good.get();
            }
        }
        var dialled = dial();
        refill();
        return dialled;
    }

    private Connection dial() throws IOException {
        var deadline = Deadline.after(DIAL_WAIT);
        awaitTurn(deadline);
        try {
            return dialer.dial(deadline);
        } finally {
            handshakes.release();
        }
    }

    private void awaitTurn(Deadline deadline) throws IOException {
        try {
            if (!handshakes.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(dialer + ": too many are connecting to it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void refill() {
        while (!closed && ready.size() + making.get() < SPARE) {
            making.incrementAndGet();
            var _ = Lane.fork("spare-" + dialer, this::make);
        }
    }

    private void make() {
        try {
            ready.addLast(dial());
            if (closed) {
                close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no spare connection to {0}: {1}", dialer, e.getMessage());
        } finally {
            making.decrementAndGet();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var next = ready.pollFirst(); next != null; next = ready.pollFirst()) {
            next.close();
        }
    }
}
