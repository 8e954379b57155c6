package io.sallyport.kit;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
