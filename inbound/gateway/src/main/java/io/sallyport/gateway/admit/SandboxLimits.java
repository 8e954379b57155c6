package io.sallyport.gateway.admit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refused;
import io.sallyport.kit.SandboxId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what goes to each sandbox, so that one cannot use up what all share.
///
/// - **Threads**: any.
/// - **Limits**: a counter for each sandbox in use; a bucket for each used in the last [#BUCKET_KEPT].
public final class SandboxLimits {
    private static final Duration BUCKET_KEPT = Duration.ofSeconds(10);
    private static final int BUCKETS_MAX = 100_000;

    private final AccessLimits limits;
    private final Map<SandboxId, Integer> open = new ConcurrentHashMap<>();
    private final Cache<SandboxId, TokenBucket> buckets = Caffeine.newBuilder()
            .maximumSize(BUCKETS_MAX)
            .expireAfterAccess(BUCKET_KEPT)
            .build();

    public SandboxLimits(AccessLimits limits) {
        this.limits = limits;
    }

    /// Lets one exchange in; empty when it is in, and [#leave] must be called at its end.
    public Optional<Refused> enter(SandboxId sandbox) {
        if (limits.requestsPerSecond() > 0
                && !buckets.get(sandbox, id -> new TokenBucket(limits.requestsPerSecond()))
                        .take()) {
            return Optional.of(Refused.because(
                    Outcome.SANDBOX_REQUESTS, limit("limits.sandbox-requests-per-second", limits.requestsPerSecond())));
        }
        int now = open.merge(sandbox, 1, Integer::sum);
        if (now > limits.connections()) {
            leave(sandbox);
            return Optional.of(Refused.because(
                    Outcome.SANDBOX_CONNECTIONS, limit("limits.sandbox-connections", limits.connections())));
        }
        return Optional.empty();
    }

    public void leave(SandboxId sandbox) {
        open.computeIfPresent(sandbox, (id, count) -> count == 1 ? null : count - 1);
    }

    /// What every limit says of itself: its value, and where to change it.
    public static String limit(String name, long value) {
        return "The limit is " + value + "; the setting " + name + " of the gateway changes it.";
    }
}
