package io.sallyport.wire.duplex;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.net.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A tunnel: two copies, one each way, until both streams have ended.
///
/// ```
///   a ──read──▶ [buffer] ──write──▶ b      the calling thread
///   a ◀─write── [buffer] ◀──read─── b      one thread of the same lane, ended before run returns
/// ```
///
/// - **Limits**: a buffer of [#BUFFER_MIN_BYTES] each way, doubled up to [#BUFFER_MAX_BYTES] while reads fill
///   it, so a quiet tunnel stays small; `idle` with no byte in either direction ends it.
/// - **Ends**: the end of one stream is passed on and the other direction goes on; an error closes both.
/// - **Closes**: both connections, before [#run] returns.
///
/// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §9.3.6
public final class Duplex {
    private static final int BUFFER_MIN_BYTES = 4 << 10;
    private static final int BUFFER_MAX_BYTES = 64 << 10;

    private final Connection a;
    private final Connection b;
    private final Duration idle;
    private final FairShare share;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    private Duplex(Connection a, Connection b, Duration idle, FairShare share) {
        this.a = a;
        this.b = b;
        this.idle = idle;
        this.share = share;
    }

    /// Why a tunnel ended, and how many bytes went each way.
    public record Ended(Reason reason, long aToBBytes, long bToABytes) {}

    public enum Reason {
        /// Both sides had said all they had to say.
        FINISHED,
        /// Nothing moved for the idle time.
        IDLE,
        /// A connection broke.
        BROKEN
    }

    public static Ended run(Connection a, Connection b, Duration idle) {
        return run(a, b, idle, FairShare.FREE);
    }

    /// Runs a tunnel.
    ///
    /// @param share of whoever its bytes are counted for, which the caller closes
    public static Ended run(Connection a, Connection b, Duration idle, FairShare share) {
        return new Duplex(a, b, idle, share).run();
    }

    private Ended run() {
        touch();
        var backBytes = new long[1];
        var back = Lane.fork("duplex-back", () -> backBytes[0] = copy(b, a));
        long forthBytes = copy(a, b);
        join(back);
        a.close();
        b.close();
        var reason = switch (failure.get()) {
            case null -> Reason.FINISHED;
            case DeadlinePassedException e -> Reason.IDLE;
            case IOException e -> Reason.BROKEN;
        };
        return new Ended(reason, forthBytes, backBytes[0]);
    }

    private long copy(Connection from, Connection to) {
        var copy = new Copy(from, to);
        try {
            for (int n = copy.step(); n >= 0; n = copy.step()) {
                share.copied(n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            fail(e);
        }
        return copy.copied;
    }

    private void fail(IOException e) {
        failure.compareAndSet(null, e);
        a.close();
        b.close();
    }

    /// One direction.
    private final class Copy {
        private final Connection from;
        private final Connection to;
        private byte[] buffer = new byte[BUFFER_MIN_BYTES];
        private long copied;

        Copy(Connection from, Connection to) {
            this.from = from;
            this.to = to;
        }

        /// Passes on what one read gives, and says how many bytes; -1 at the end of the stream.
        int step() throws IOException {
            int n = from.read(buffer, 0, buffer.length);
            if (n < 0) {
                return n;
            }
            touch();
            to.write(buffer, 0, n);
            copied += n;
            if (n == buffer.length && n < BUFFER_MAX_BYTES) {
                buffer = new byte[2 * n];
            }
            return n;
        }
    }

    private void touch() {
        var deadline = Deadline.after(idle);
        a.deadline(deadline);
        b.deadline(deadline);
    }

    /// The copy always ends: its connections are closed by their deadline at the latest.
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
