package io.sallyport.relay.transparent;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Whether a name may be resolved, as the gateway says it.
///
/// - **Threads**: any; whoever asks while another asks for the same name waits for that answer.
/// - **Limits**: an answer is believed for [#KEPT]; [#NAMES_MAX] of them. An outage is not kept.
public final class NameCheck {
    static final Duration KEPT = Duration.ofSeconds(5);
    static final int NAMES_MAX = 1024;

    /// What the gateway says.
    public sealed interface Decision {
        record Allowed() implements Decision {}

        /// The policy says no.
        ///
        /// @param reason of [io.sallyport.rpc.egress.EgressReason], by its id
        record Denied(String reason, String sentence) implements Decision {}

        /// Nobody can say now.
        record Undecided(String why) implements Decision {}
    }

    private record Entry(CompletableFuture<Decision> decision, long atNanos) {}

    private final Function<String, Decision> gateway;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    /// One that knows no answers yet.
    ///
    /// @param gateway asks, blocking and bounded; does not throw
    /// @param nanos a clock like [System#nanoTime()]
    public NameCheck(Function<String, Decision> gateway, LongSupplier nanos) {
        this.gateway = gateway;
        this.nanos = nanos;
    }

    public Decision of(String name) {
        var mine = new CompletableFuture<Decision>();
        var theirs = enter(name, mine);
        if (theirs != mine) {
            return await(theirs);
        }
        Decision decision = new Decision.Undecided("the question failed");
        try {
            decision = gateway.apply(name);
        } finally {
            if (decision instanceof Decision.Undecided) {
                forget(name, mine);
            }
            mine.complete(decision);
        }
        return decision;
    }

    /// The answer that is there or under way; else `mine`, which the caller completes.
    private CompletableFuture<Decision> enter(String name, CompletableFuture<Decision> mine) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            var entry = entries.get(name);
            if (entry != null && now - entry.atNanos() < KEPT.toNanos()) {
                return entry.decision();
            }
            entries.put(name, new Entry(mine, now));
            if (entries.size() > NAMES_MAX) {
                var oldest = entries.values().iterator();
                oldest.next();
                oldest.remove();
            }
            return mine;
        } finally {
            lock.unlock();
        }
    }

    private void forget(String name, CompletableFuture<Decision> mine) {
        lock.lock();
        try {
            var entry = entries.get(name);
            if (entry != null && entry.decision() == mine) {
                entries.remove(name);
            }
        } finally {
            lock.unlock();
        }
    }

    private static Decision await(CompletableFuture<Decision> theirs) {
        try {
            return theirs.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Decision.Undecided("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it with an error", e);
        }
    }
}
