package io.sallyport.egress.dial;

import io.sallyport.egress.dial.ResolveException.Kind;
import io.sallyport.kit.Deadline;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The operating system's resolver, which blocks for as long as it likes and on threads that it keeps busy.
///
/// - **Limits**: [#THREADS_MAX] lookups at a time and [#WAITING_MAX] that wait; who comes then, or waits past its
///   deadline, is told that it failed. A lookup that nobody waits for any more ends by itself.
/// - **Never**: a search domain. Names are asked for with their last dot, so `internal` is not `internal.example.com`.
public final class SystemResolver implements Resolver {
    private static final int THREADS_MAX = 16;
    private static final int WAITING_MAX = 256;
    private static final long KEPT_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    public SystemResolver() {
        threads = new ThreadPoolExecutor(
                THREADS_MAX,
                THREADS_MAX,
                KEPT_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("resolve-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<IpAddress> resolve(HostName name, Deadline deadline) throws ResolveException {
        Callable<InetAddress[]> lookup = () -> InetAddress.getAllByName(name.text() + ".");
        Future<InetAddress[]> found;
        try {
            found = threads.submit(lookup);
        } catch (RejectedExecutionException e) {
            throw new ResolveException(Kind.FAILED, "too many lookups wait");
        }
        try {
            return Arrays.stream(found.get(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS))
                    .map(IpAddress::of)
                    .map(IpAddress::unmapped)
                    .distinct()
                    .toList();
        } catch (TimeoutException e) {
            found.cancel(false);
            throw new ResolveException(Kind.FAILED, "no answer in time");
        } catch (InterruptedException e) {
            found.cancel(false);
            Thread.currentThread().interrupt();
            throw new ResolveException(Kind.FAILED, "interrupted");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
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
