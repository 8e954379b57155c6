package io.sallyport.gateway.forward;

import io.sallyport.gateway.host.Destination;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.HttpClient;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who dials an app while nobody has a connection to spare: a few at a time. The others stand in line, because
/// the
/// exchange before theirs is usually over before a handshake would be.
///
/// - **Threads**: any.
/// - **Limits**: [#DIALS_MAX] at a time for each port of a sandbox; who has waited for [#WAIT_MAX] dials
///   anyway.
final class DialTurns {
    private static final int DIALS_MAX = 16;
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final Map<Key, Line> lines = new ConcurrentHashMap<>();

    private record Key(SandboxId sandbox, Port port) {
        Key(Destination.Sandbox to) {
            this(to.id(), to.port());
        }
    }

    private static final class Line {
        private final ReentrantLock lock = new ReentrantLock();
        private final Queue<CompletableFuture<Optional<HttpClient>>> waiting = new ArrayDeque<>();
        private int dialling;
        private int members; // changed within the map's compute only
    }

    /// Takes part in the line for `to`; the caller closes what it gets when it has its connection.
    Turn enter(Destination.Sandbox to) {
        var key = new Key(to);
        var line = lines.compute(key, (same, known) -> {
            var one = known == null ? new Line() : known;
            one.members++;
            return one;
        });
        return new Turn(key, line);
    }

    /// Gives a connection that has become free to whoever waits longest; false where nobody does.
    boolean give(Destination.Sandbox to, HttpClient http) {
        var line = lines.get(new Key(to));
        if (line == null) {
            return false;
        }
        line.lock.lock();
        try {
            var first = line.waiting.poll();
            return first != null && first.complete(Optional.of(http));
        } finally {
            line.lock.unlock();
        }
    }

    /// One member of a line.
    final class Turn implements Closeable {
        private final Key key;
        private final Line line;
        private boolean dials;

        Turn(Key key, Line line) {
            this.key = key;
            this.line = line;
        }

        /// Waits for a connection, or for this one's turn to dial, which is meant by nothing.
        Optional<HttpClient> await(Supplier<Optional<HttpClient>> free) {
            var place = new CompletableFuture<Optional<HttpClient>>();
            line.lock.lock();
            try {
                var found = free.get();
                if (found.isPresent()) {
                    return found;
                }
                if (line.dialling < DIALS_MAX) {
                    line.dialling++;
                    dials = true;
                    return Optional.empty();
                }
                line.waiting.add(place);
            } finally {
                line.lock.unlock();
            }
            var given = waitFor(place);
            dials = given.isEmpty();
            return given;
        }

        private Optional<HttpClient> waitFor(CompletableFuture<Optional<HttpClient>> place) {
            try {
                return place.get(WAIT_MAX.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException e) {
                // It leaves the line below.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            line.lock.lock();
            try {
                if (line.waiting.removeIf(one -> one == place)) {
                    line.dialling++;
                    return Optional.empty();
                }
                return place.join(); // it was given something meanwhile
            } finally {
                line.lock.unlock();
            }
        }

        @Override
        public void close() {
            if (dials) {
                line.lock.lock();
                try {
                    var next = line.dialling <= DIALS_MAX ? line.waiting.poll() : null;
                    if (next == null) {
                        line.dialling--;
                    } else {
                        next.complete(Optional.empty());
                    }
                } finally {
                    line.lock.unlock();
                }
            }
            var _ = lines.computeIfPresent(key, Turn::left);
        }

        private static @Nullable Line left(Key key, Line line) {
            return --line.members == 0 ? null : line;
        }
    }
}
