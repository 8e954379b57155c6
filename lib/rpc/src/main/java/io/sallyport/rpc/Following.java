package io.sallyport.rpc;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.net.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A stream of news that is followed for as long as anybody is interested: when it breaks it is begun again.
///
/// The sender must say something more often than the silence it is allowed, and first of all that everything
/// before may have been missed.
///
/// - **Threads**: one virtual thread, on which the receiver is called.
/// - **Closes**: [#close()]; the receiver may be called once more meanwhile.
public final class Following implements Closeable {
    private static final Logger LOG = System.getLogger(Following.class.getName());
    private static final Duration RETRY = Duration.ofMillis(200);

    private final RpcClient.Dialer dialer;
    private final Duration silenceMax;
    private volatile boolean closed;
    private volatile @Nullable Connection connection;

    private Following(RpcClient.Dialer dialer, Duration silenceMax) {
        this.dialer = dialer;
        this.silenceMax = silenceMax;
    }

    /// Begins to follow a method that needs to be told nothing.
    ///
    /// @param host for the header of that name
    /// @param silenceMax without news the stream counts as broken
    public static <R extends Record> Following start(
            RpcClient.Dialer dialer,
            String host,
            String path,
            Class<R> type,
            Duration silenceMax,
            Consumer<R> receiver) {
        var following = new Following(dialer, silenceMax);
        var rpc = new RpcClient(following::open, Headers.of("Host", host));
        Thread.ofVirtual().name("following-" + path).start(() -> {
            while (!following.closed) {
                try {
                    rpc.streaming(path, new Nothing(), type, news -> {
                        following.touch();
                        receiver.accept(news);
                    });
                } catch (IOException | RpcException e) {
                    LockSupport.parkNanos(RETRY.toNanos());
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "news of " + path + " could not be used", e);
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        });
        return following;
    }

    private Connection open() throws IOException {
        var dialled = dialer.dial();
        connection = dialled;
        if (closed) {
            dialled.close();
        }
        touch();
        return dialled;
    }

    private void touch() {
        var open = connection;
        if (open != null) {
            open.deadline(Deadline.after(silenceMax));
        }
    }

    @Override
    public void close() {
        closed = true;
        var open = connection;
        if (open != null) {
            open.close();
        }
    }
}
