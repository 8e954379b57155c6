package io.sallyport.egress.dial;

import io.sallyport.egress.dial.ResolveException.Kind;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The operating system's resolver, which blocks for as long as it likes and on threads that it keeps busy.
///
/// - **Limits**: [#THREADS_MAX] lookups at a time, of which one sandbox has at most [#OF_ONE_SANDBOX_MAX]: a name
///   server that does not answer holds up those who ask it, and no neighbour. [#WAITING_MAX] more wait; who comes
///   then, or waits past its deadline, is told that it failed. A lookup that nobody waits for any more ends by itself,
///   and counts until then.
/// - **Never**: a search domain. Names are asked for with their last dot, so `internal` is not `internal.example.com`.
public final class SystemResolver implements Resolver {
    static final int THREADS_MAX = 16;
    static final int OF_ONE_SANDBOX_MAX = 4;
    private static final int WAITING_MAX = 256;
    private static final long KEPT_SECONDS = 30;

    private final Lookup lookup;
    private final ThreadPoolExecutor threads;
    private final Turns turns = new Turns(OF_ONE_SANDBOX_MAX);

    public SystemResolver() {
        this(InetAddress::getAllByName);
    }

    SystemResolver(Lookup lookup) {
        this.lookup = lookup;
        threads = new ThreadPoolExecutor(
                THREADS_MAX,
                THREADS_MAX,
                KEPT_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("resolve-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// What the operating system does.
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    @Override
    public List<IpAddress> resolve(SandboxId sandbox, HostName name, Deadline deadline) throws ResolveException {
        try {
            if (!turns.take(sandbox, deadline)) {
                throw new ResolveException(Kind.FAILED, "too many lookups of this sandbox wait");
            }
            var found = begin(sandbox, name.text() + ".");
            return Arrays.stream(found.get(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS))
                    .map(IpAddress::of)
                    .map(IpAddress::unmapped)
                    .distinct()
                    .toList();
        } catch (TimeoutException e) {
            throw new ResolveException(Kind.FAILED, "no answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResolveException(Kind.FAILED, "interrupted");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /// Starts a lookup, whose turn is over when it has ended, and not when nobody waits for it any more.
    private CompletableFuture<InetAddress[]> begin(SandboxId sandbox, String name) throws ResolveException {
        var found = new CompletableFuture<InetAddress[]>();
        try {
            threads.execute(() -> {
                try {
                    found.complete(lookup.all(name));
                } catch (UnknownHostException | RuntimeException e) {
                    found.completeExceptionally(e);
                } finally {
                    turns.over(sandbox);
                }
            });
            return found;
        } catch (RejectedExecutionException e) {
            turns.over(sandbox);
            throw new ResolveException(Kind.FAILED, "too many lookups wait");
        }
    }

    /// The JDK has one exception for both kinds, and only the text of the C library in it tells them apart.
    private static ResolveException failure(@Nullable Throwable cause) {
        boolean unknown = cause instanceof UnknownHostException e
                && !String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("temporary failure");
        return unknown
                ? new ResolveException(Kind.NO_SUCH_NAME, "no such name")
                : new ResolveException(Kind.FAILED, "the name servers do not answer");
    }
}
