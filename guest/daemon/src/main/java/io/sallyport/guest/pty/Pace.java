package io.sallyport.guest.pty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Lets a terminal that is flooded make way while the machine is busy. What a program writes without end uses up the
/// share of its sandbox, and of the kernel's workers that carry the bytes of all terminals, and whoever types in
/// another one waits. A flood alone may keep the machine busy too, so every second it goes slowly for a moment: when
/// a processor is idle for a quarter of it, it was the flood, which goes on as fast as it can; else it stays slow
/// until one is.
/// Where the kernel does not say how idle it is, nobody rests.
///
/// - **Threads**: the one whose pace it is.
/// - **Limits**: a busy machine carries [#BATCH_BYTES] every [#REST_NANOS], 16 MiB a second.
final class Pace {
    private static final int BATCH_BYTES = 64 << 10;
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long FAST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int IDLE_PERCENT_OF_A_PROCESSOR = 25;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10); // USER_HZ, on every machine we run on
    private static final Pattern ALL_PROCESSORS = Pattern.compile("cpu +(?:[0-9]+ ){3}([0-9]{1,11})(?: |$)");

    private final Supplier<OptionalLong> idleNanos;
    private int bytes;
    private boolean slow;
    private long sinceNanos = System.nanoTime() - FAST_NANOS;
    private OptionalLong idleBefore = OptionalLong.empty();

    Pace() {
        this(Pace::idleSinceBoot);
    }

    /// @param idleNanos what all processors together have been idle so far
    Pace(Supplier<OptionalLong> idleNanos) {
        this.idleNanos = idleNanos;
    }

    /// So many bytes were moved.
    void took(int more) {
        bytes += more;
        if (bytes >= BATCH_BYTES) {
            bytes = 0;
            LockSupport.parkNanos(restNanos(System.nanoTime()));
        }
    }

    /// How long to rest after a batch that ended now.
    long restNanos(long now) {
        long passed = now - sinceNanos;
        if (!slow && passed >= FAST_NANOS) {
            slow = true;
            look(now);
        } else if (slow && passed >= LOOK_NANOS) {
            var before = idleBefore;
            look(now);
            slow = before.isPresent()
                    && idleBefore.isPresent()
                    && idleBefore.getAsLong() - before.getAsLong() < passed * IDLE_PERCENT_OF_A_PROCESSOR / 100;
        }
        return slow && idleBefore.isPresent() ? REST_NANOS : 0;
    }

    private void look(long now) {
        sinceNanos = now;
        idleBefore = idleNanos.get();
    }

    /// @spec https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat
    private static OptionalLong idleSinceBoot() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return idleNanos(lines.findFirst().orElse(""));
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    /// The fourth number of the line for all processors.
    static OptionalLong idleNanos(String line) {
        var numbers = ALL_PROCESSORS.matcher(line);
        return numbers.lookingAt()
                ? OptionalLong.of(Long.parseLong(numbers.group(1)) * TICK_NANOS)
                : OptionalLong.empty();
    }
}
