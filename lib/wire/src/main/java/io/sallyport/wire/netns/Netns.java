package io.sallyport.wire.netns;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Libc;
import io.sallyport.wire.net.Lane;
import io.sallyport.wire.net.SocketConnection;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A network namespace that this process does not live in, held open by a file descriptor.
///
/// A socket belongs for ever to the namespace it was made in. So a platform thread enters the namespace, makes the
/// socket and comes back; connecting, reading and writing happen on any thread afterwards.
///
/// - **Threads**: any caller; the entering is done by [#THREADS_MAX] platform threads kept for each lane, because a
/// namespace
///   belongs to a kernel thread. A thread that cannot come home ends and is replaced.
/// - **Closes**: the owner; sockets made before stay usable and keep the namespace alive.
///
/// @spec https://man7.org/linux/man-pages/man2/setns.2.html setns(2)
public final class Netns implements Closeable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int THREADS_MAX = 4;
    private static final MethodHandle SETNS =
            Libc.function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final ExecutorService INTERACTIVE_TRAVELLERS = travellers();
    private static final ExecutorService BULK_TRAVELLERS = travellers();

    private static final int HOME = openHome();

    private final int fd;
    private boolean closed;

    private Netns(int fd) {
        this.fd = fd;
    }

    /// The namespace of a process, which must not be our own: dialling "inside" it would reach this machine's services.
    /// The caller makes sure that `pid` is still the process it means.
    public static Netns of(long pid) throws IOException {
        var netns = new Netns(Libc.open("/proc/" + pid + "/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC));
        if (identity(netns.fd).equals(identity(HOME))) {
            netns.close();
            throw new IOException("process " + pid + " has no network namespace of its own");
        }
        return netns;
    }

    private static ExecutorService travellers() {
        return Executors.newFixedThreadPool(
                THREADS_MAX, Thread.ofPlatform().daemon().name("netns-", 0).factory());
    }

    private static String identity(int namespace) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + namespace)).toString();
    }

    private static int openHome() {
        try {
            return Libc.open("/proc/self/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Connects to an address inside.
    public SocketConnection dial(InetSocketAddress to, Deadline deadline) throws IOException {
        var family =
                to.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        SocketChannel socket = inside(() -> SocketChannel.open(family));
        return SocketConnection.connect(socket, to, deadline);
    }

    /// A name for the namespace that other programs can open while this is not closed. It cannot come to mean another
    /// namespace, as the number of a process can.
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd);
    }

    /// A listening socket inside, bound to `address`; the caller closes it.
    public ServerSocketChannel listen(InetSocketAddress address) throws IOException {
        return inside(() -> {
            var socket = ServerSocketChannel.open();
            try {
                return socket.bind(address);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    private <T> T inside(Callable<T> work) throws IOException {
        var made = new CompletableFuture<T>();
        var travellers = Lane.current() == Lane.INTERACTIVE ? INTERACTIVE_TRAVELLERS : BULK_TRAVELLERS;
        travellers.execute(() -> visit(work, made));
        try {
            return made.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while entering a network namespace", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case IOException io -> io;
                case UnsupportedOperationException noIpv6 -> new ConnectException("no IPv6 on this machine");
                case null, default -> new IOException("network namespace: " + e.getCause(), e);
            };
        }
    }

    private <T> void visit(Callable<T> work, CompletableFuture<T> made) {
        try {
            enterOpen();
        } catch (IOException | RuntimeException e) {
            made.completeExceptionally(e);
            return;
        }
        try {
            made.complete(work.call());
        } catch (Exception e) {
            made.completeExceptionally(e);
        } finally {
            goHome();
        }
    }

    private static void goHome() {
        try {
            enter(HOME);
        } catch (IOException e) {
            throw new ThreadStranded(e);
        }
    }

    /// The descriptor must not be closed, and its number given to something else, between the check and the entering.
    private synchronized void enterOpen() throws IOException {
        if (closed) {
            throw new IOException("the network namespace is closed");
        }
        enter(fd);
    }

    private static void enter(int namespace) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            Libc.checked((int) SETNS.invokeExact(state, namespace, CLONE_NEWNET), state, "setns");
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
        }
    }

    /// Ends the thread, which is stuck in the wrong namespace: nothing else may run on it.
    private static final class ThreadStranded extends Error {
        private static final long serialVersionUID = 1L;

        ThreadStranded(Throwable cause) {
            super("a thread could not leave a network namespace", cause);
        }
    }
}
