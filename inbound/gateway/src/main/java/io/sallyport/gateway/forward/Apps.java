package io.sallyport.gateway.forward;

import io.sallyport.gateway.host.Destination;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Connections to apps: one that is there and free, or a new one.
///
/// - **Threads**: any.
/// - **Closes**: [#close()] closes the free ones; those given out belong to whoever got them.
final class Apps implements Closeable {
    private static final long REDIAL_MS_MIN = 10;
    private static final long REDIAL_MS_MAX = 250;

    private final SandboxDialer dialer;
    private final ForwardLimits limits;
    private final AppPool pool;

    Apps(SandboxDialer dialer, ForwardLimits limits) {
        this.dialer = dialer;
        this.limits = limits;
        this.pool = new AppPool(limits.poolIdle());
    }

    /// What came of an attempt to reach an app.
    sealed interface Reached {
        /// There is one.
        ///
        /// @param reused it has carried a request before, and can end at any moment
        record Connected(HttpClient http, boolean reused) implements Reached {}

        record Failed(Dialled dialled) implements Reached {}
    }

    /// A connection that may have carried requests before.
    Reached any(SandboxDialer.Target to, Destination.Sandbox destination) {
        var free = pool.take(destination);
        return free.isPresent() ? new Reached.Connected(free.get(), true) : fresh(to);
    }

    /// A new connection. Dials, and dials again while nothing listens and the hold time lasts: a server that is
    /// just starting is no error.
    Reached fresh(SandboxDialer.Target to) {
        // The guest daemon listens before anybody is told of its sandbox; if it does not, it is gone.
        var hold = to.port().equals(Port.GUEST) ? Deadline.after(Duration.ZERO) : Deadline.after(limits.hold());
        long step = REDIAL_MS_MIN;
        while (true) {
            var dialled = dialer.dial(to, Deadline.after(limits.connect()));
            if (dialled instanceof Dialled.Connected(var connection)) {
                return new Reached.Connected(new HttpClient(connection, HttpLimits.DEFAULT), false);
            }
            if (!(dialled instanceof Dialled.Refused) || hold.passed()) {
                return new Reached.Failed(dialled);
            }
            LockSupport.parkNanos(Duration.ofMillis(step).toNanos());
            step = Math.min(REDIAL_MS_MAX, step * 3 / 2);
        }
    }

    /// Takes back a connection whose exchange is over and that may carry another.
    void giveBack(Destination.Sandbox to, HttpClient http) {
        pool.giveBack(to, http);
    }

    void evict(SandboxId sandbox) {
        pool.evict(sandbox);
    }

    int free() {
        return pool.size();
    }

    @Override
    public void close() {
        pool.close();
    }
}
