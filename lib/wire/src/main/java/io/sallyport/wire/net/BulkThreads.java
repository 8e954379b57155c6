package io.sallyport.wire.net;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Platform threads for copying much.
///
/// A virtual thread whose sockets are always ready never makes way, and a few of them keep everybody else
/// waiting for whole bodies. Between platform threads the kernel divides the processor, and it lets the threads
/// that carry virtual ones, which sleep often, go first.
///
/// - **Limits**: [#THREADS_MAX] at a time; beyond that the caller does it itself.
public final class BulkThreads {
    private static final int THREADS_MAX = 128;
    private static final long KEPT_SECONDS = 10;
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0,
            THREADS_MAX,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("bulk-", 0).factory());

    private BulkThreads() {}

    /// Does the work on such a thread while the caller waits.
    public static <T> T run(Supplier<T> work) {
        var task = new FutureTask<>(work::get);
        try {
            THREADS.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
        return result(task);
    }

    /// The work always ends: connections are closed by their deadline at the latest.
    private static <T> T result(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
