package io.sallyport.relay.boot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/// The calls of the C library that a start needs and Java has no word for.
final class Native {
    static final int ENOENT = 2;
    static final int ELOOP = 40;

    /// Its value differs by processor.
    private static final int O_NOFOLLOW = System.getProperty("os.arch").equals("aarch64") ? 0x8000 : 0x20000;

    private static final int O_NONBLOCK = 0x800;
    private static final int PR_SET_DUMPABLE = 4;

    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle GETEUID = Libc.function("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle PRCTL = Libc.function(
            "prctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), Linker.Option.firstVariadicArg(1));

    private Native() {}

    /// Opens for reading what is at `path` itself, without following a link and without waiting for a pipe's writer.
    static int open(Path path) throws ErrnoException {
        return Libc.open(path.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    }

    /// Fills `into` as far as the file goes.
    static int read(int fd, MemorySegment into) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            long total = 0;
            while (total < into.byteSize()) {
                var rest = into.asSlice(total);
                long n = (long) READ.invokeExact(state, fd, rest, rest.byteSize());
                if (n == 0) {
                    break;
                }
                if (n > 0) {
                    total += n;
                } else if (Libc.errno(state) != Libc.EINTR) {
                    throw new ErrnoException("read", Libc.errno(state));
                }
            }
            return (int) total;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    static int effectiveUser() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            return (int) GETEUID.invokeExact(Libc.newState(arena));
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Makes this process one that its equals can neither trace nor look into.
    static void becomeUndumpable() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            Libc.checked((int) PRCTL.invokeExact(state, PR_SET_DUMPABLE, 0L), state, "prctl");
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Becomes another program, with this environment; returns only by throwing.
    static void exec(String program, List<String> arguments) throws ErrnoException {
        var execv = Libc.function("execv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var array = arena.allocate(ADDRESS, arguments.size() + 1L);
            for (int i = 0; i < arguments.size(); i++) {
                array.setAtIndex(ADDRESS, i, arena.allocateFrom(arguments.get(i)));
            }
            array.setAtIndex(ADDRESS, arguments.size(), MemorySegment.NULL);
            Libc.checked((int) execv.invokeExact(state, arena.allocateFrom(program), array), state, "exec " + program);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}
