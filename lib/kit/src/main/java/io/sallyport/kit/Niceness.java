package io.sallyport.kit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sallyport.kit.Libc.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// How much a thread makes way for others, as the kernel's scheduler understands it: a niceness from -20, which only
/// root may ask for, to 19; and how long its turns on a processor are, because who asks for short ones is let in
/// sooner. What a thread starts, threads and programs, has both from it.
///
/// @spec https://man7.org/linux/man-pages/man2/setpriority.2.html setpriority(2)
public final class Niceness {
    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0; // Linux keeps it by thread, whatever the standard says
    private static final MethodHandle SETPRIORITY =
            Libc.function("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private static final MethodHandle SYSCALL = Libc.function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(1));
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final long SCHED_SETATTR = ARM ? 274 : 314;
    private static final long SCHED_GETATTR = ARM ? 275 : 315;
    private static final int ATTRIBUTES_BYTES = 48;
    private static final int ATTRIBUTES_RUNTIME_AT = 24;
    private static final int NO_FLAGS = 0;

    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");

    private Niceness() {}

    /// Sets that of all processes of this session together, where the kernel groups them so.
    ///
    /// @spec https://man7.org/linux/man-pages/man7/sched.7.html sched(7), the autogroup feature
    public static void ofThisSession(int nice) throws IOException {
        if (Files.exists(AUTOGROUP)) {
            Files.writeString(AUTOGROUP, Integer.toString(nice));
        }
    }

    /// Sets that of the calling thread, which must be a platform thread.
    public static void ofThisThread(int nice) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int result = (int) SETPRIORITY.invokeExact(state, PRIO_PROCESS, THIS_THREAD, nice);
            int _ = Libc.checked(result, state, "setpriority " + nice);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Sets how long the turns of the calling thread are, which must be a platform thread. Where the kernel has no such
    /// call (gVisor), or is older than 6.12, they stay as they are.
    ///
    /// @param turn 100 µs to 100 ms, or nothing for the kernel's own
    /// @spec https://man7.org/linux/man-pages/man2/sched_setattr.2.html sched_setattr(2)
    /// @spec https://docs.kernel.org/scheduler/sched-eevdf.html EEVDF: a shorter slice is an earlier deadline
    public static void turnsOfThisThread(Duration turn) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            long got = (long)
                    SYSCALL.invokeExact(state, SCHED_GETATTR, THIS_THREAD, attributes, ATTRIBUTES_BYTES, NO_FLAGS);
            int _ = Libc.checked((int) got, state, "sched_getattr");
            attributes.set(JAVA_LONG, ATTRIBUTES_RUNTIME_AT, turn.toNanos());
            long set = (long) SYSCALL.invokeExact(state, SCHED_SETATTR, THIS_THREAD, attributes, NO_FLAGS, NO_FLAGS);
            int _ = Libc.checked((int) set, state, "sched_setattr " + turn);
        } catch (ErrnoException e) {
            if (e.errno() != Libc.ENOSYS) {
                throw e;
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}
