package io.sallyport.guest.pty;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.terminal.Size;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A pseudo-terminal: our side of it. The other side is a file that programs open.
///
/// - **Threads**: one reads while another writes; the rest from any.
/// - **Closes**: whoever opened it, when nobody reads or writes any more.
///
/// @spec https://man7.org/linux/man-pages/man7/pty.7.html pty(7)
public final class Pty implements Closeable {
    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Libc.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
            Libc.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL = Libc.function(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle KILL = Libc.function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private static final int O_RDWR_NOCTTY_NONBLOCK_CLOEXEC = 2 | 0x100 | 0x800 | Libc.O_CLOEXEC;
    private static final long TIOCSPTLCK = 0x4004_5431L; // unlock
    private static final long TIOCGPTN = 0x8004_5430L; // number
    private static final long TIOCSWINSZ = 0x5414L;
    private static final long TIOCGPGRP = 0x540FL; // the group in the foreground
    private static final int EAGAIN = 11;
    private static final int EIO = 5; // nobody has the other side open
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int POLLFD_BYTES = 8;
    private static final int WRITE_BYTES_MAX = 4 << 10;

    private final int fd;
    private final Path file;

    private Pty(int fd, Path file) {
        this.fd = fd;
        this.file = file;
    }

    /// Opens one whose other side belongs to a user.
    public static Pty open(int uid, Size size) throws IOException {
        int fd = Libc.open("/dev/ptmx", O_RDWR_NOCTTY_NONBLOCK_CLOEXEC);
        boolean opened = false;
        try (var arena = Arena.ofConfined()) {
            var number = arena.allocate(JAVA_INT);
            ioctl(fd, TIOCSPTLCK, number);
            ioctl(fd, TIOCGPTN, number);
            var file = Path.of("/dev/pts/" + number.get(JAVA_INT, 0));
            Files.setAttribute(file, "unix:uid", uid);
            var pty = new Pty(fd, file);
            pty.resize(size);
            opened = true;
            return pty;
        } finally {
            if (!opened) {
                Libc.close(fd);
            }
        }
    }

    /// The other side.
    public Path file() {
        return file;
    }

    public void resize(Size size) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var winsize = arena.allocate(JAVA_SHORT, 4);
            winsize.setAtIndex(JAVA_SHORT, 0, (short) size.rows());
            winsize.setAtIndex(JAVA_SHORT, 1, (short) size.cols());
            ioctl(fd, TIOCSWINSZ, winsize);
        }
    }

    /// Signals the programs in the foreground; nobody where there are none.
    public void signal(int signal) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var group = arena.allocate(JAVA_INT);
            ioctl(fd, TIOCGPGRP, group);
            int foreground = group.get(JAVA_INT, 0);
            if (foreground > 1) {
                var state = Libc.newState(arena);
                int _ = Libc.checked((int) KILL.invokeExact(state, -foreground, signal), state, "kill");
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    private static void ioctl(int fd, long request, MemorySegment argument) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int _ = Libc.checked((int) IOCTL.invokeExact(state, fd, request, argument), state, "ioctl " + request);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Waits for output and fills the buffer as far as there is any; -1 when nobody has the other side open.
    int read(byte[] into, MemorySegment buffer, MemorySegment state) throws ErrnoException {
        int filled = 0;
        while (filled < into.length) {
            int n = readNow(buffer.asSlice(filled, into.length - filled), state);
            if (n < 0 && filled == 0) {
                return -1;
            }
            if (n > 0) {
                filled += n;
            } else if (filled > 0) {
                break;
            } else {
                await(POLLIN);
            }
        }
        MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, filled);
        return filled;
    }

    /// 0 where there is nothing, -1 when nobody has the other side open.
    private int readNow(MemorySegment buffer, MemorySegment state) throws ErrnoException {
        try {
            while (true) {
                long n = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
                if (n > 0) {
                    return (int) n;
                }
                int errno = n == 0 ? EIO : Libc.errno(state);
                switch (errno) {
                    case Libc.EINTR -> {
                        // Once more.
                    }
                    case EAGAIN -> {
                        return 0;
                    }
                    case EIO -> {
                        return -1;
                    }
                    default -> throw new ErrnoException("read of " + file, errno);
                }
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Writes what there is room for, which may be nothing.
    int write(byte[] from, int offset, int length) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int piece = Math.min(length, WRITE_BYTES_MAX);
            var buffer = arena.allocate(piece);
            MemorySegment.copy(from, offset, buffer, JAVA_BYTE, 0, piece);
            long n = (long) WRITE.invokeExact(state, fd, buffer, (long) piece);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Libc.errno(state);
            if (errno == EAGAIN || errno == Libc.EINTR) {
                return 0;
            }
            throw new ErrnoException("write to " + file, errno);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Waits until there is room, or nobody has the other side open.
    void awaitRoom() throws ErrnoException {
        await(POLLOUT);
    }

    private void await(short events) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var pollfd = arena.allocate(POLLFD_BYTES, Integer.BYTES);
            pollfd.set(JAVA_INT, 0, fd);
            pollfd.set(JAVA_SHORT, Integer.BYTES, events);
            int n = (int) POLL.invokeExact(state, pollfd, 1L, -1);
            if (n < 0 && Libc.errno(state) != Libc.EINTR) {
                throw new ErrnoException("poll of " + file, Libc.errno(state));
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
