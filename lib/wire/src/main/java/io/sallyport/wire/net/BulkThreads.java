package io.sallyport.wire.net;

import io.sallyport.kit.Niceness;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
/// waiting for whole bodies. Between platform threads the kernel divides the processor, and these make way for
/// all others ([#NICE]).
///
/// - **Limits**: [#THREADS_MAX] at a time; beyond that the caller does it itself.
public final class BulkThreads {
    private static final Logger LOG = System.getLogger(BulkThreads.class.getName());
    private static final int NICE = 10;
    private static final int THREADS_MAX = 128;
    private static final long KEPT_SECONDS = 10;
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0, THREADS_MAX, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), BulkThreads::newThread);

    private BulkThreads() {}

    private static Thread newThread(Runnable worker) {
        return Thread.ofPlatform().daemon().name("bulk").unstarted(() -> {
            try {
                Niceness.ofThisThread(NICE);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "copying much goes on as ordinary work: {0}", e.getMessage());
            }
            worker.run();
        });
    }

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
