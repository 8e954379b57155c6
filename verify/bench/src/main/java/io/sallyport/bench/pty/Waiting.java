package io.sallyport.bench.pty;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what could block for ever.
final class Waiting {
    private Waiting() {}

    /// Calls on another thread, which is left behind when it takes too long.
    static <T> T forResult(Duration atMost, Callable<T> call) throws IOException {
        var task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().start(task);
        try {
            return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("nothing within " + atMost.toSeconds() + " seconds", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
