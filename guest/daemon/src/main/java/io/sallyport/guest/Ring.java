package io.sallyport.guest;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The newest bytes of a stream, each known by its number from the beginning of the stream.
///
/// They are outside the Java heap, which is too small for those of many terminals.
///
/// - **Threads**: one at a time.
/// - **Limits**: the given size; what was not written yet takes no memory.
/// - **Closes**: its owner; afterwards nothing is kept.
/// @spec https://man7.org/linux/man-pages/man2/mmap.2.html mmap(2)
public final class Ring implements Closeable {
    private static final MethodHandle MMAP = Libc.function(
            "mmap", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            Libc.function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final int READ_WRITE = 1 | 2;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;

    private final MemorySegment ring;
    private long written;
    private boolean closed;

    /// An empty one.
    ///
    /// @throws IllegalStateException where the kernel gives no more memory
    public Ring(int bytesMax) {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            long address = (long) MMAP.invokeExact(
                    state, MemorySegment.NULL, (long) bytesMax, READ_WRITE, PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
            if (address == -1) {
                throw new ErrnoException("mmap " + bytesMax, Libc.errno(state));
            }
            ring = mapped(address, bytesMax);
        } catch (Throwable t) {
            throw new IllegalStateException("no memory for a ring", t);
        }
    }

    @SuppressWarnings("restricted") // the kernel has just said that this is ours
    private static MemorySegment mapped(long address, int bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// The number of the next byte.
    public long written() {
        return written;
    }

    /// The number of the oldest byte that is there.
    public long oldest() {
        return closed ? written : Math.max(0, written - ring.byteSize());
    }

    public void append(byte[] bytes, int offset, int length) {
        if (closed) {
            written += length;
            return;
        }
        int skipped = Math.max(0, length - (int) ring.byteSize());
        written += skipped;
        for (int at = offset + skipped; at < offset + length; ) {
            long into = written % ring.byteSize();
            int n = (int) Math.min(offset + length - at, ring.byteSize() - into);
            MemorySegment.copy(bytes, at, ring, JAVA_BYTE, into, n);
            at += n;
            written += n;
        }
    }

    /// A copy of bytes that are there.
    ///
    /// @throws IndexOutOfBoundsException where they are not; their memory may be somebody else's
    public byte[] copy(long from, int length) {
        if (from < oldest() || length < 0 || from + length > written) {
            throw new IndexOutOfBoundsException(from + " + " + length + " of " + oldest() + " to " + written);
        }
        var copy = new byte[length];
        if (length > 0) {
            long start = from % ring.byteSize();
            int first = (int) Math.min(length, ring.byteSize() - start);
            MemorySegment.copy(ring, JAVA_BYTE, start, copy, 0, first);
            MemorySegment.copy(ring, JAVA_BYTE, 0, copy, first, length - first);
        }
        return copy;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try (var arena = Arena.ofConfined()) {
                int _ = (int) MUNMAP.invokeExact(Libc.newState(arena), ring.address(), ring.byteSize());
            } catch (Throwable t) {
                throw new IllegalStateException("munmap", t);
            }
        }
    }
}
