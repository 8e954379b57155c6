package io.sallyport.guest.pty;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lets a thread that moves much make way where processors are short: when it had to wait for one, it rests twice as
/// long. What a program writes without end uses up the share of its sandbox otherwise, and whoever types in another
/// terminal there waits for the next share. Where the kernel does not say how long a thread waited, nobody rests.
///
/// - **Threads**: the one whose pace it is.
/// - **Limits**: looks after [#BATCH_BYTES]; rests [#REST_NANOS_MAX] at most.
/// - **Closes**: its owner.
/// @spec https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat time spent waiting on a runqueue
final class Pace implements Closeable {
    private static final int BATCH_BYTES = 64 << 10;
    private static final int REST_FOR_EACH_WAIT = 2;
    /// Shorter rests cost more than they give.
    private static final long REST_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long REST_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int LINE_BYTES_MAX = 80;
    private static final Pattern NUMBERS = Pattern.compile("[0-9]+ ([0-9]{1,18}) [0-9]+");

    private final @Nullable RandomAccessFile statistics;
    private final byte[] line = new byte[LINE_BYTES_MAX];
    private int bytes;
    private long waitedNanos;

    /// To be made by the thread itself.
    Pace() {
        statistics = statistics();
        waitedNanos = waited();
    }

    private static @Nullable RandomAccessFile statistics() {
        try {
            return new RandomAccessFile("/proc/thread-self/schedstat", "r");
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /// So many bytes were moved.
    void took(int more) {
        bytes += more;
        if (bytes >= BATCH_BYTES) {
            bytes = 0;
            long before = waitedNanos;
            waitedNanos = waited();
            long rest = restNanos(waitedNanos - before);
            if (rest > 0) {
                LockSupport.parkNanos(rest);
            }
        }
    }

    /// How long to rest after such a wait.
    static long restNanos(long wait) {
        long rest = Math.min(REST_NANOS_MAX, REST_FOR_EACH_WAIT * wait);
        return rest < REST_NANOS_MIN ? 0 : rest;
    }

    private long waited() {
        if (statistics == null) {
            return 0;
        }
        try {
            statistics.seek(0);
            int length = Math.max(0, statistics.read(line));
            return waited(new String(line, 0, length, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return waitedNanos;
        }
    }

    /// The second of three numbers; 0 where there are not as many.
    static long waited(String line) {
        var numbers = NUMBERS.matcher(line);
        return numbers.lookingAt() ? Long.parseLong(numbers.group(1)) : 0;
    }

    @Override
    public void close() throws IOException {
        if (statistics != null) {
            statistics.close();
        }
    }
}
