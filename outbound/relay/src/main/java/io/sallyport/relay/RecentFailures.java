package io.sallyport.relay;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/// What went wrong lately, for whoever looks for the reason.
///
/// - **Threads**: any.
/// - **Limits**: the last [#KEPT], each text cut at [#TEXT_CHARS_MAX].
public final class RecentFailures {
    public static final int KEPT = 32;

    private static final int TEXT_CHARS_MAX = 256;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Failure> failures = new ArrayDeque<>();

    public RecentFailures() {
        this(Clock.systemUTC());
    }

    RecentFailures(Clock clock) {
        this.clock = clock;
    }

    /// One failure; host and detail are printable ASCII.
    public record Failure(Instant time, Kind kind, String host, String detail) {}

    public enum Kind {
        /// There was no way to the gateway.
        GATEWAY_UNREACHABLE,
        /// The gateway did not take the session's token.
        GATEWAY_REFUSED,
        /// The gateway answered, and not with 200.
        CONNECT_REJECTED,
        /// A tunnel broke when it was in use.
        TUNNEL_BROKEN;

        /// As it is written in documents.
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public void add(Kind kind, String host, String detail) {
        var failure = new Failure(clock.instant(), kind, printable(host), printable(detail));
        lock.lock();
        try {
            if (failures.size() == KEPT) {
                failures.removeFirst();
            }
            failures.addLast(failure);
        } finally {
            lock.unlock();
        }
    }

    /// The oldest first.
    public List<Failure> list() {
        lock.lock();
        try {
            return List.copyOf(failures);
        } finally {
            lock.unlock();
        }
    }

    /// What other people sent goes into documents that others read: nothing in it may do anything there.
    private static String printable(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), TEXT_CHARS_MAX); i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return out.toString();
    }
}
