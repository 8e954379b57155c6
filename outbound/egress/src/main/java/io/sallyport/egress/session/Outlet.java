package io.sallyport.egress.session;

import io.sallyport.egress.audit.Clean;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressState;
import io.sallyport.rpc.egress.EgressState.Refusal;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tunnel.MuxBudget;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/// One sandbox's part of the gateway: what it has open, how much it may, what it was refused.
///
/// - **Threads**: any.
public final class Outlet {
    private static final long REPORT_NANOS = 1_000_000_000;

    /// Connections that are no relay's: what has not yet said what it is, and may never.
    public static final int STRANGERS_MAX = 256;

    /// Lookups, within [#GUESSES_TIME], of names that no rule is about: their addresses may be allowed, but the
    /// question itself has left the sandbox by then, and whoever answers for the domain reads it.
    public static final int GUESSES_MAX = 30;

    private static final Duration GUESSES_TIME = Duration.ofMinutes(1);

    private final SandboxId sandbox;
    private final Limits limits;
    private final Set<Connection> doors = ConcurrentHashMap.newKeySet();
    private final Map<Connection, String> relays = new ConcurrentHashMap<>(); // and the hash of its token
    private final Set<OpenTunnel> tunnels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger streams = new AtomicInteger();
    private final Rate newRelays;
    private final Rate newStreams;
    private final Rate names;
    private final Rate requests;
    private final MuxBudget unread;
    private final Rate guesses = new Rate(GUESSES_MAX, GUESSES_TIME);
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private volatile long generation;
    private long overLimit; // with the lock, as is the next
    private long reportedAt = System.nanoTime() - REPORT_NANOS;

    /// What one sandbox may have.
    ///
    /// @param relays WebSockets; a v1 relay needs one for each tunnel, so this is how many it can have
    /// @param streams tunnels that are open or being opened
    /// @param newStreamsPerSecond tunnels that are begun
    /// @param namesPerSecond questions whether a name may be resolved
    /// @param requestsPerSecond requests that are looked into
    /// @param unreadBytes that it may have sent in streams of v2 and nobody has read, of which half is enough for
    /// the first windows of all streams. Of v1 one message a relay is kept.
    public record Limits(
            int relays,
            int streams,
            int newStreamsPerSecond,
            int namesPerSecond,
            int requestsPerSecond,
            long unreadBytes) {
        public static final Limits DEFAULT = new Limits(64, 1_024, 200, 200, 2_000, 32 << 20);
    }

    Outlet(SandboxId sandbox, Limits limits) {
        this.sandbox = sandbox;
        this.limits = limits;
        this.newRelays = new Rate(limits.newStreamsPerSecond());
        this.newStreams = new Rate(limits.newStreamsPerSecond());
        this.names = new Rate(limits.namesPerSecond());
        this.requests = new Rate(limits.requestsPerSecond());
        this.unread = new MuxBudget(limits.unreadBytes());
    }

    public SandboxId sandbox() {
        return sandbox;
    }

    /// A connection out of the sandbox, whatever it is for.
    void enter(Connection door) {
        doors.add(door);
    }

    /// Whether a connection that has just come may stay: one sandbox must not use up what all have for beginnings.
    public boolean hasRoom() {
        return doors.size() - relays.size() <= STRANGERS_MAX;
    }

    /// Says whether nothing of the sandbox is left.
    boolean leave(Connection door) {
        doors.remove(door);
        relays.remove(door);
        return doors.isEmpty();
    }

    /// Whether another relay may try now, rightly or not.
    public boolean mayTryRelay() {
        return newRelays.tryTake();
    }

    /// Counts something that was refused for a limit. Says how many there were since it was last told, once a second
    /// at most: a flood is a few records and not as many as it has drops.
    public OptionalLong overLimit() {
        lock.lock();
        try {
            overLimit++;
            long now = System.nanoTime();
            if (now - reportedAt < REPORT_NANOS) {
                return OptionalLong.empty();
            }
            long count = overLimit;
            overLimit = 0;
            reportedAt = now;
            return OptionalLong.of(count);
        } finally {
            lock.unlock();
        }
    }

    /// Counts a connection that becomes a relay's; false at the limit.
    ///
    /// @param tokenHash of the token that it came with
    public boolean enterRelay(Connection door, String tokenHash) {
        if (relays.size() >= limits.relays()) {
            return false;
        }
        relays.put(door, tokenHash);
        return true;
    }

    /// Counts a tunnel that begins; false at a limit. Whoever was let in calls [#leaveStream].
    public boolean enterStream() {
        if (streams.incrementAndGet() > limits.streams() || !newStreams.tryTake()) {
            streams.decrementAndGet();
            return false;
        }
        return true;
    }

    /// What all its streams may have sent and nobody has read.
    public MuxBudget unread() {
        return unread;
    }

    public void leaveStream() {
        streams.decrementAndGet();
    }

    /// Whether another name may be asked for now.
    public boolean mayAskName() {
        return names.tryTake();
    }

    /// Whether another name may be resolved of which only its addresses can tell whether it is allowed.
    public boolean mayGuess() {
        return guesses.tryTake();
    }

    /// Whether another request may be looked into now.
    public boolean mayRequest() {
        return requests.tryTake();
    }

    /// Registers a tunnel. To be called before the policy is looked at: whatever changes from then on finds it.
    public OpenTunnel open(Destination destination, String tokenHash, String scheme) {
        var tunnel = new OpenTunnel(destination, tokenHash, scheme);
        tunnels.add(tunnel);
        return tunnel;
    }

    public void close(OpenTunnel tunnel) {
        tunnels.remove(tunnel);
    }

    /// Keeps a refusal for whoever asks for the state.
    public void refused(EgressReason reason, String host, int port, String rule) {
        var time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        var refusal = new Refusal(time, reason.id(), Clean.text(host, Clean.HOST_MAX), port, rule);
        lock.lock();
        try {
            if (refusals.size() == EgressState.REFUSALS_MAX) {
                refusals.removeFirst();
            }
            refusals.addLast(refusal);
        } finally {
            lock.unlock();
        }
    }

    void generation(long now) {
        generation = now;
    }

    EgressState state() {
        lock.lock();
        try {
            return new EgressState(generation, tunnels.size(), relays.size(), List.copyOf(refusals));
        } finally {
            lock.unlock();
        }
    }

    /// Cuts what may not stay.
    ///
    /// @param now what is known; empty where the sandbox is no more
    void judge(Optional<Known> now) {
        if (now.isEmpty()) {
            cutAll(EgressReason.UNAUTHENTICATED);
            return;
        }
        var known = now.get();
        generation = known.session().generation();
        for (var tunnel : tunnels) {
            Judgement.of(known, tunnel).ifPresent(tunnel::cut);
        }
        relays.forEach((door, tokenHash) -> {
            if (!tokenHash.equals(known.session().tokenHash())) {
                door.close();
            }
        });
    }

    /// Cuts everything.
    void cutAll(EgressReason why) {
        tunnels.forEach(tunnel -> tunnel.cut(why));
        doors.forEach(Connection::close);
    }
}
