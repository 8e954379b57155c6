package io.sallyport.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.terminal.Size;
import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The terminal on our standard streams: its size, and its raw mode, in which every key goes to the program.
///
/// Settings are saved and put back as bytes that nobody here looks into: only the C library knows their layout.
///
/// - **Threads**: any.
/// - **Closes**: [#close()] puts the settings back; so must whoever ends the program in another way.
final class LocalTerminal implements Closeable {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;

    private static final int SETTINGS_BYTES = 256; // a termios has 60 on Linux, 72 on macOS
    private static final int NOW = 0; // TCSANOW
    private static final int WINSIZE_BYTES = 8;
    private static final long GET_SIZE =
            System.getProperty("os.name", "").startsWith("Mac") ? 0x4008_7468L : 0x5413L; // TIOCGWINSZ

    private static final MethodHandle ISATTY = Libc.function("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle TCGETATTR =
            Libc.function("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle TCSETATTR =
            Libc.function("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle CFMAKERAW = Libc.function("cfmakeraw", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle IOCTL = Libc.function(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));

    private final Arena arena = Arena.global(); // also the shutdown hook's
    private @Nullable MemorySegment saved;

    static boolean isTerminal(int fd) {
        try (var arena = Arena.ofConfined()) {
            return (int) ISATTY.invokeExact(Libc.newState(arena), fd) == 1;
        } catch (Throwable t) {
            throw new IllegalStateException("isatty", t);
        }
    }

    /// The size of the terminal on one of our streams; empty where there is none, or it has no size.
    static Optional<Size> size() {
        for (int fd : new int[] {STDOUT, STDIN, STDERR}) {
            try (var arena = Arena.ofConfined()) {
                var size = arena.allocate(WINSIZE_BYTES, Short.BYTES);
                if ((int) IOCTL.invokeExact(Libc.newState(arena), fd, GET_SIZE, size) == 0) {
                    var found = new Size(
                            Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1)),
                            Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 0)));
                    return Optional.of(found).filter(Size::valid);
                }
            } catch (Throwable t) {
                throw new IllegalStateException("ioctl", t);
            }
        }
        return Optional.empty();
    }

    /// Turns on raw mode, and changes nothing where standard input is no terminal.
    synchronized void raw() throws ErrnoException {
        if (saved != null || !isTerminal(STDIN)) {
            return;
        }
        try {
            var state = Libc.newState(arena);
            var before = arena.allocate(SETTINGS_BYTES, Long.BYTES);
            Libc.checked((int) TCGETATTR.invokeExact(state, STDIN, before), state, "tcgetattr");
            var raw = arena.allocate(SETTINGS_BYTES, Long.BYTES).copyFrom(before);
            CFMAKERAW.invokeExact(state, raw);
            saved = before;
            Libc.checked((int) TCSETATTR.invokeExact(state, STDIN, NOW, raw), state, "tcsetattr");
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    @Override
    public void close() {
        restore();
    }

    /// Puts the settings back. Where the terminal is gone there is nothing to do.
    synchronized void restore() {
        var before = saved;
        if (before == null) {
            return;
        }
        saved = null;
        try {
            int _ = (int) TCSETATTR.invokeExact(Libc.newState(arena), STDIN, NOW, before);
        } catch (Throwable t) {
            throw new IllegalStateException("tcsetattr", t);
        }
    }
}
