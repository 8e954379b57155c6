package io.sallyport.relay.transparent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sallyport.kit.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a redirected connection was going, as the kernel remembers it.
///
/// The kernel is asked by the number of a socket, which Java does not tell without options of the JVM that every
/// program of ours would need. But a connection is known by the addresses of its two ends, so its socket is the one
/// among ours that has them: a system call for each open one. While `channel` is open its number stays its own.
///
/// - **Threads**: any.
///
/// @spec https://man7.org/linux/man-pages/man7/ip.7.html ip(7)
final class OriginalDestination {
    private static final int SOL_IP = 0;
    private static final int SO_ORIGINAL_DST = 80;

    /// An address of IPv4: family (2 bytes, as this machine has them), port, address, room.
    private static final int SOCKADDR_BYTES = 16;

    private static final int PORT = 2;
    private static final int HOST = 4;
    private static final int HOST_BYTES = 4;
    private static final int AF_INET = 2;

    private static final FunctionDescriptor OF_NAME = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GETPEERNAME = Libc.function("getpeername", OF_NAME);
    private static final MethodHandle GETSOCKNAME = Libc.function("getsockname", OF_NAME);
    private static final MethodHandle GETSOCKOPT = Libc.function(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private OriginalDestination() {}

    /// Empty where the connection was not redirected.
    static Optional<InetSocketAddress> of(SocketChannel channel) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var call = new Call(arena);
            var peer = (InetSocketAddress) channel.getRemoteAddress();
            var local = (InetSocketAddress) channel.getLocalAddress();
            for (int fd : open()) {
                if (peer.equals(call.name(GETPEERNAME, fd)) && local.equals(call.name(GETSOCKNAME, fd))) {
                    return Optional.ofNullable(call.original(fd)).filter(to -> !to.equals(local));
                }
            }
            throw new IOException("a connection without a socket");
        }
    }

    /// The numbers of what is open, newest first.
    private static int[] open() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            int[] numbers = entries.mapToInt(
                            entry -> Integer.parseInt(entry.getFileName().toString()))
                    .sorted()
                    .toArray();
            for (int i = 0, j = numbers.length - 1; i < j; i++, j--) {
                int low = numbers[i];
                numbers[i] = numbers[j];
                numbers[j] = low;
            }
            return numbers;
        }
    }

    private static final class Call {
        private final MemorySegment state;
        private final MemorySegment address;
        private final MemorySegment length;

        Call(Arena arena) {
            state = Libc.newState(arena);
            address = arena.allocate(SOCKADDR_BYTES, 8);
            length = arena.allocate(JAVA_INT);
        }

        @Nullable
        InetSocketAddress name(MethodHandle of, int fd) throws IOException {
            try {
                length.set(JAVA_INT, 0, SOCKADDR_BYTES);
                return (int) of.invokeExact(state, fd, address, length) == 0 ? read() : null;
            } catch (Throwable t) {
                throw Libc.unexpected(t);
            }
        }

        @Nullable
        InetSocketAddress original(int fd) throws IOException {
            try {
                length.set(JAVA_INT, 0, SOCKADDR_BYTES);
                int result = (int) GETSOCKOPT.invokeExact(state, fd, SOL_IP, SO_ORIGINAL_DST, address, length);
                return result == 0 ? read() : null;
            } catch (Throwable t) {
                throw Libc.unexpected(t);
            }
        }

        private @Nullable InetSocketAddress read() throws IOException {
            if (address.get(JAVA_SHORT, 0) != AF_INET) {
                return null;
            }
            int port = (address.get(JAVA_BYTE, PORT) & 0xff) << 8 | (address.get(JAVA_BYTE, PORT + 1) & 0xff);
            var host = address.asSlice(HOST, HOST_BYTES).toArray(JAVA_BYTE);
            return new InetSocketAddress(InetAddress.getByAddress(host), port);
        }
    }
}
