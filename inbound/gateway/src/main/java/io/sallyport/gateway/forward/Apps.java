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

/// Connections to apps: one that is there and free, or a new one.
///
/// - **Threads**: any.
/// - **Closes**: [#close()] closes the free ones; those given out belong to whoever got them.
final class Apps implements Closeable {
    private final SandboxDialer dialer;
    private final ForwardLimits limits;
    private final AppPool pool;
    private final DialTurns turns = new DialTurns();
    private final Holds holds = new Holds();

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
        if (free.isPresent()) {
            return new Reached.Connected(free.get(), true);
        }
        var hold = hold(to);
        try (var turn = turns.enter(destination)) {
            var freed = turn.await(() -> pool.take(destination));
            return freed.isPresent() ? new Reached.Connected(freed.get(), true) : fresh(to, hold);
        }
    }

    /// A new connection. Dials, and dials again while nothing listens and the hold time lasts: a server that is
    /// just starting is no error.
    Reached fresh(SandboxDialer.Target to) {
        return fresh(to, hold(to));
    }

    /// The guest daemon listens before anybody is told of its sandbox; if it does not, it is gone.
    private Deadline hold(SandboxDialer.Target to) {
        return Deadline.after(to.port().equals(Port.GUEST) ? Duration.ZERO : limits.hold());
    }

    private Reached fresh(SandboxDialer.Target to, Deadline hold) {
        var dialled = holds.dial(to, hold, () -> dialer.dial(to, Deadline.after(limits.connect())));
        return dialled instanceof Dialled.Connected(var connection)
                ? new Reached.Connected(new HttpClient(connection, HttpLimits.DEFAULT), false)
                : new Reached.Failed(dialled);
    }

    /// Takes back a connection whose exchange is over and that may carry another.
    void giveBack(Destination.Sandbox to, HttpClient http) {
        if (!turns.give(to, http)) {
            pool.giveBack(to, http);
        }
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
