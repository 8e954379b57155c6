package io.sallyport.kit;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/// The door to the C library: finds functions and turns `errno` into [ErrnoException].
///
/// Handles made by [#function] take one leading [MemorySegment], the call state from [#newState(Arena)], and follow the
/// convention "-1 means look at errno".
@SuppressWarnings("restricted") // this class is the one place that calls native code by name
public final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = function(
            "open", FunctionDescriptor.of(JAVA_INT, ValueLayout.ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    public static final int O_RDONLY = 0;
    public static final int O_CLOEXEC = 0x80000;

    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int ECHILD = 10;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;

    private Libc() {}

    public static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return find(name, type, options)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
    }

    /// Like [#function], empty where this C library is too old to have it.
    public static Optional<MethodHandle> find(String name, FunctionDescriptor type, Linker.Option... options) {
        var all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.defaultLookup().find(name).map(symbol -> LINKER.downcallHandle(symbol, type, all));
    }

    /// Room for the `errno` of the calls made with it; not to be shared between threads.
    public static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    public static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /// Opens a file and gives its descriptor; the caller closes it with [#close(int)].
    public static int open(String path, int flags) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = newState(arena);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
            return checked(fd, state, "open " + path);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static void close(int fd) {
        try (var arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(newState(arena), fd);
        } catch (Throwable t) {
            throw new IllegalStateException("close", t);
        }
    }

    public static int checked(int result, MemorySegment state, String what) throws ErrnoException {
        if (result == -1) {
            throw new ErrnoException(what, errno(state));
        }
        return result;
    }

    /// For the catch clause every `invokeExact` needs: lets [ErrnoException] and unchecked ones through.
    public static IllegalStateException unexpected(Throwable t) throws ErrnoException {
        switch (t) {
            case ErrnoException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("native call", t);
        }
    }

    /// A failed call into the C library.
    public static final class ErrnoException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int errno;

        public ErrnoException(String what, int errno) {
            super(what + ": errno " + errno);
            this.errno = errno;
        }

        public int errno() {
            return errno;
        }
    }
}
