package io.sallyport.gateway.admit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refused;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Lane;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what goes to each sandbox, so that one cannot use up what all share. Its lanes are counted by
/// themselves, each up to the same limits: previews do not use up what a terminal needs.
///
/// - **Threads**: any.
/// - **Limits**: a counter for each sandbox and lane in use; a bucket for each used in the last
///   [#BUCKET_KEPT].
public final class SandboxLimits {
    private static final Duration BUCKET_KEPT = Duration.ofSeconds(10);
    private static final int BUCKETS_MAX = 100_000;

    private final AccessLimits limits;
    private final Map<Key, Integer> open = new ConcurrentHashMap<>();
    private final Cache<Key, TokenBucket> buckets = Caffeine.newBuilder()
            .maximumSize(BUCKETS_MAX)
            .expireAfterAccess(BUCKET_KEPT)
            .build();

    private record Key(SandboxId sandbox, Lane lane) {
        Key(Destination.Sandbox to) {
            this(to.id(), Lane.of(to.port()));
        }
    }

    public SandboxLimits(AccessLimits limits) {
        this.limits = limits;
    }

    /// Lets one exchange in; empty when it is in, and [#leave] must be called at its end.
    public Optional<Refused> enter(Destination.Sandbox to) {
        var key = new Key(to);
        if (limits.requestsPerSecond() > 0
                && !buckets.get(key, one -> new TokenBucket(limits.requestsPerSecond()))
                        .take()) {
            return Optional.of(Refused.because(
                    Outcome.SANDBOX_REQUESTS, limit("limits.sandbox-requests-per-second", limits.requestsPerSecond())));
        }
        int now = open.merge(key, 1, Integer::sum);
        if (now > limits.connections()) {
            leave(to);
            return Optional.of(Refused.because(
                    Outcome.SANDBOX_CONNECTIONS, limit("limits.sandbox-connections", limits.connections())));
        }
        return Optional.empty();
    }

    public void leave(Destination.Sandbox to) {
        open.computeIfPresent(new Key(to), (key, count) -> count == 1 ? null : count - 1);
    }

    /// What every limit says of itself: its value, and where to change it.
    public static String limit(String name, long value) {
        return "The limit is " + value + "; the setting " + name + " of the gateway changes it.";
    }
}
