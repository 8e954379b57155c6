package io.sallyport.gateway.route;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.UndecidedException;
import io.sallyport.wire.net.Lane;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Routes by sandbox. The time to live is a ceiling only: a change is pushed, and takes the entry away at once.
///
/// - **Threads**: any; of many that miss the same sandbox one asks and the others wait for its answer.
/// - **Limits**: [#ENTRIES_MAX]; [#FOUND] for a sandbox that exists, [#UNKNOWN] for one that does not.
/// - **Errors**: a failure to find out is not remembered.
public final class RouteCache {
    private static final int ENTRIES_MAX = 100_000;
    private static final Duration FOUND = Duration.ofMinutes(2);
    private static final Duration UNKNOWN = Duration.ofSeconds(2);
    private static final Executor LOADERS = task -> Lane.fork("route", task);

    private final Routes routes;
    private final Consumer<SandboxId> onEvict;
    private final AsyncCache<SandboxId, Loaded> entries = Caffeine.newBuilder()
            .maximumSize(ENTRIES_MAX)
            .expireAfter(Expiry.<SandboxId, Loaded>writing((id, loaded) -> loaded.kept()))
            .executor(LOADERS)
            .buildAsync();

    /// What was found out, or that it was not.
    private record Loaded(Optional<Route> route, @Nullable UndecidedException failure) {
        Duration kept() {
            return failure != null ? Duration.ZERO : route.isPresent() ? FOUND : UNKNOWN;
        }
    }

    /// A cache.
    ///
    /// @param onEvict is told of every sandbox whose route may have changed
    public RouteCache(Routes routes, Consumer<SandboxId> onEvict) {
        this.routes = routes;
        this.onEvict = onEvict;
    }

    public Optional<Route> find(SandboxId sandbox) throws UndecidedException {
        var known = entries.getIfPresent(sandbox);
        if (known == null) {
            known = entries.get(sandbox, (id, executor) -> CompletableFuture.supplyAsync(() -> load(id), executor));
        }
        var loaded = known.join();
        if (loaded.failure() != null) {
            throw loaded.failure();
        }
        return loaded.route();
    }

    private Loaded load(SandboxId sandbox) {
        try {
            return new Loaded(routes.find(sandbox), null);
        } catch (UndecidedException e) {
            return new Loaded(Optional.empty(), e);
        }
    }

    /// Forgets a sandbox. An answer that is on its way is not remembered either.
    public void evict(SandboxId sandbox) {
        entries.synchronous().invalidate(sandbox);
        onEvict.accept(sandbox);
    }

    /// Forgets everything.
    public void flush() {
        var known = Set.copyOf(entries.synchronous().asMap().keySet());
        entries.synchronous().invalidateAll();
        known.forEach(onEvict);
    }
}
