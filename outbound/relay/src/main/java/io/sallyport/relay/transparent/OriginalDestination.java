package io.sallyport.relay.transparent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
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
import java.util.Optional;

/// Where a redirected connection was going, as the kernel remembers it.
///
/// The kernel is asked by the number of a socket, which Java does not tell without options of the JVM that every
/// program of ours would need. But a connection is known by the addresses of its two ends, so its socket is the one
/// among ours that has them: a system call for each number from below until it is found, and the kernel gives the
/// lowest first. While `channel` is open its number stays its own.
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
    private static final short AF_INET = 2;

    private static final int FD_FIRST = 3;
    private static final int FD_MAX = 1 << 20;

    private static final FunctionDescriptor OF_NAME = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GETPEERNAME = Libc.function("getpeername", OF_NAME);
    private static final MethodHandle GETSOCKNAME = Libc.function("getsockname", OF_NAME);
    private static final MethodHandle GETSOCKOPT = Libc.function(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private OriginalDestination() {}

    /// Empty where the connection was not redirected.
    ///
    /// @param channel of IPv4, open
    static Optional<InetSocketAddress> of(SocketChannel channel) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var local = (InetSocketAddress) channel.getLocalAddress();
            long localBytes = bytes(arena, local);
            long peerBytes = bytes(arena, (InetSocketAddress) channel.getRemoteAddress());
            var address = arena.allocate(SOCKADDR_BYTES, Long.BYTES);
            var length = arena.allocate(JAVA_INT);
            for (int fd = FD_FIRST; fd < FD_MAX; fd++) {
                length.set(JAVA_INT, 0, SOCKADDR_BYTES);
                boolean same = (int) GETPEERNAME.invokeExact(state, fd, address, length) == 0
                        && address.get(JAVA_LONG, 0) == peerBytes
                        && (int) GETSOCKNAME.invokeExact(state, fd, address, length) == 0
                        && address.get(JAVA_LONG, 0) == localBytes;
                if (same) {
                    return original(state, fd, address, length).filter(to -> !to.equals(local));
                }
            }
            throw new IOException("a connection without a socket");
        } catch (Throwable t) {
            if (t instanceof IOException e) {
                throw e;
            }
            throw Libc.unexpected(t);
        }
    }

    private static Optional<InetSocketAddress> original(
            MemorySegment state, int fd, MemorySegment address, MemorySegment length) throws Throwable {
        length.set(JAVA_INT, 0, SOCKADDR_BYTES);
        int result = (int) GETSOCKOPT.invokeExact(state, fd, SOL_IP, SO_ORIGINAL_DST, address, length);
        if (result != 0 || address.get(JAVA_SHORT, 0) != AF_INET) {
            return Optional.empty();
        }
        int port = (address.get(JAVA_BYTE, PORT) & 0xff) << 8 | (address.get(JAVA_BYTE, PORT + 1) & 0xff);
        var host = address.asSlice(HOST, HOST_BYTES).toArray(JAVA_BYTE);
        return Optional.of(new InetSocketAddress(InetAddress.getByAddress(host), port));
    }

    /// Family, port and address as the kernel writes them, in one number.
    private static long bytes(Arena arena, InetSocketAddress address) {
        var bytes = arena.allocate(Long.BYTES, Long.BYTES);
        bytes.set(JAVA_SHORT, 0, AF_INET);
        bytes.set(JAVA_BYTE, PORT, (byte) (address.getPort() >>> 8));
        bytes.set(JAVA_BYTE, PORT + 1, (byte) address.getPort());
        MemorySegment.copy(address.getAddress().getAddress(), 0, bytes, JAVA_BYTE, HOST, HOST_BYTES);
        return bytes.get(JAVA_LONG, 0);
    }
}
