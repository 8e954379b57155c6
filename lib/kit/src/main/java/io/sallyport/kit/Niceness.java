package io.sallyport.kit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// How much a thread makes way for others, as the kernel's scheduler understands it: from -20, which only root
/// may
/// ask for, to 19.
///
/// @spec https://man7.org/linux/man-pages/man2/setpriority.2.html setpriority(2)
public final class Niceness {
    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0; // Linux keeps it by thread, whatever the standard says
    private static final MethodHandle SETPRIORITY =
            Libc.function("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private static final MethodHandle SYSCALL = Libc.function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(1));
    private static final long SCHED_SETATTR = System.getProperty("os.arch").equals("aarch64") ? 274 : 314;
    private static final int ATTRIBUTES_BYTES = 48;
    private static final int ATTRIBUTES_NICE_AT = 16;
    private static final int ATTRIBUTES_RUNTIME_AT = 24;

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

    /// Sets that of the calling thread, which must be a platform thread, and how long its turns on a processor are:
    /// who asks for short ones is let in sooner. Kernels before 6.12 know only the niceness.
    ///
    /// @param turn 100 µs to 100 ms
    /// @spec https://man7.org/linux/man-pages/man2/sched_setattr.2.html sched_setattr(2)
    public static void ofThisThread(int nice, Duration turn) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, ATTRIBUTES_BYTES);
            attributes.set(JAVA_INT, ATTRIBUTES_NICE_AT, nice);
            attributes.set(JAVA_LONG, ATTRIBUTES_RUNTIME_AT, turn.toNanos());
            long result = (long) SYSCALL.invokeExact(state, SCHED_SETATTR, THIS_THREAD, attributes, 0);
            int _ = Libc.checked((int) result, state, "sched_setattr " + nice + ", " + turn);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}
