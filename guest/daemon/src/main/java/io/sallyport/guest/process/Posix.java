package io.sallyport.guest.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.process.StartResponse;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The calls on descriptors and processes that Java has no word for.
final class Posix {
    /// What [#waitAny()] tells: which child has ended, and how.
    record Exited(int pid, boolean signalled, int codeOrSignal) {
        StartResponse.End toEnd() {
            if (signalled) {
                var status = "signal: " + Signals.name(codeOrSignal);
                return new StartResponse.End(-1, false, status, status);
            }
            var status = "exit status " + codeOrSignal;
            return new StartResponse.End(codeOrSignal, true, status, codeOrSignal == 0 ? null : status);
        }
    }

    private static final MethodHandle PIPE2 =
            Libc.function("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Libc.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle KILL = Libc.function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle WAITID =
            Libc.function("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle WAITPID =
            Libc.function("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private static final MethodHandle DUP2 = Libc.function("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private static final MethodHandle PRCTL = Libc.function(
            "prctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), Linker.Option.firstVariadicArg(2));

    private static final int PR_SET_DUMPABLE = 4;
    private static final int O_WRONLY = 1;
    private static final int P_ALL = 0;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int CLD_EXITED = 1;

    // siginfo_t of 64-bit Linux: signo, errno, code, padding, pid, uid, status.
    private static final int SIGINFO_BYTES = 128;
    private static final int SIGINFO_CODE = 8;
    private static final int SIGINFO_PID = 16;
    private static final int SIGINFO_STATUS = 24;

    private Posix() {}

    /// A pipe: the reading and the writing end, closed in children.
    static int[] pipe() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var ends = arena.allocate(JAVA_INT, 2);
            Libc.checked((int) PIPE2.invokeExact(state, ends, Libc.O_CLOEXEC), state, "pipe2");
            return new int[] {ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1)};
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Reads into `buffer`, blocking the thread; 0 at the end.
    static int read(int fd, MemorySegment buffer, MemorySegment state) throws ErrnoException {
        try {
            while (true) {
                long n = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
                if (n >= 0) {
                    return (int) n;
                }
                if (Libc.errno(state) != Libc.EINTR) {
                    throw new ErrnoException("read", Libc.errno(state));
                }
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Writes everything, blocking the thread.
    static void write(int fd, byte[] bytes) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var buffer = arena.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
            long written = 0;
            while (written < bytes.length) {
                long n = (long) WRITE.invokeExact(state, fd, buffer.asSlice(written), bytes.length - written);
                if (n >= 0) {
                    written += n;
                } else if (Libc.errno(state) != Libc.EINTR) {
                    throw new ErrnoException("write", Libc.errno(state));
                }
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Makes this process one that nobody but the host's root can trace or look into.
    static void becomeUndumpable() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            Libc.checked((int) PRCTL.invokeExact(state, PR_SET_DUMPABLE, 0L), state, "prctl");
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Lets standard output and error go to `/dev/null`. What they were is not kept open by us any more.
    static void dropOutput() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int nothing = Libc.open("/dev/null", O_WRONLY);
            Libc.checked((int) DUP2.invokeExact(state, nothing, 1), state, "dup2");
            Libc.checked((int) DUP2.invokeExact(state, nothing, 2), state, "dup2");
            Libc.close(nothing);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Signals a process, or the group `-pid`.
    static void kill(int pid, int signal) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            Libc.checked((int) KILL.invokeExact(state, pid, signal), state, "kill " + pid);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Waits for any child to end and leaves it waitable, so that its pid is not given to another process yet.
    /// [Libc#ECHILD] when there is no child.
    static Exited waitAny() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var info = arena.allocate(SIGINFO_BYTES, 8);
            while (true) {
                int result = (int) WAITID.invokeExact(state, P_ALL, 0, info, WEXITED | WNOWAIT);
                if (result == 0) {
                    return new Exited(
                            info.get(JAVA_INT, SIGINFO_PID),
                            info.get(JAVA_INT, SIGINFO_CODE) != CLD_EXITED,
                            info.get(JAVA_INT, SIGINFO_STATUS));
                }
                if (Libc.errno(state) != Libc.EINTR) {
                    throw new ErrnoException("waitid", Libc.errno(state));
                }
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Removes an ended child from the process table.
    static void reap(int pid) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            Libc.checked((int) WAITPID.invokeExact(state, pid, MemorySegment.NULL, 0), state, "waitpid " + pid);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}
