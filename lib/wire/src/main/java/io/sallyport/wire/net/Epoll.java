package io.sallyport.wire.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sallyport.kit.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The kernel's list of sockets, which says of each change once (edge-triggered). A socket that is closed leaves it by
/// itself.
///
/// - **Threads**: [#await] and [#tell] one at a time, everything else any.
/// - **Closes**: nobody; there is one for the life of the process.
///
/// @spec https://man7.org/linux/man-pages/man7/epoll.7.html epoll(7)
final class Epoll {
    /// For [#await]: until something happens.
    static final int FOREVER = -1;

    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int IN = 0x1;
    private static final int OUT = 0x4;
    private static final int ERROR = 0x8;
    private static final int HANGUP = 0x10;
    private static final int READ_HANGUP = 0x2000;
    private static final int EDGE = 1 << 31;

    private static final int EVENTS_MAX = 256;

    // The structure is packed on x86-64 only.
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int KEY_AT = PACKED ? 4 : 8;
    private static final ValueLayout.OfLong KEY = JAVA_LONG.withByteAlignment(4);
    private static final long BELL_KEY = 0;

    private static final MethodHandle CREATE =
            Libc.function("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CONTROL =
            Libc.function("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle WAIT =
            Libc.function("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final int POLL_BYTES = 8;
    private static final MethodHandle POLL =
            Libc.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle EVENTFD =
            Libc.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle EVENTFD_WRITE =
            Libc.function("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private final MemorySegment waiting = Libc.newState(Arena.global());
    private final MemorySegment events = Arena.global().allocate((long) EVENT_BYTES * EVENTS_MAX, Long.BYTES);
    private final int epoll;
    private final int bell;

    /// What has become of a socket.
    interface Changes {
        /// Called for each.
        ///
        /// @param ended by the peer or an error: there will be no more to read than there is
        void changed(long key, boolean readable, boolean writable, boolean ended);
    }

    private Epoll(int epoll, int bell) {
        this.epoll = epoll;
        this.bell = bell;
    }

    static Epoll open() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int epoll = Libc.checked((int) CREATE.invokeExact(state, CLOSE_ON_EXEC), state, "epoll_create1");
            int bell = Libc.checked((int) EVENTFD.invokeExact(state, 0, CLOSE_ON_EXEC), state, "eventfd");
            var opened = new Epoll(epoll, bell);
            opened.control(ADD, bell, BELL_KEY, IN | EDGE);
            return opened;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Takes a socket in. What it is ready for already is said at once.
    ///
    /// @param key says which it is: 1 and above
    void add(int socket, long key) throws IOException {
        control(ADD, socket, key, IN | OUT | READ_HANGUP | EDGE);
    }

    void remove(int socket) throws IOException {
        control(DELETE, socket, BELL_KEY, 0);
    }

    private void control(int operation, int socket, long key, int interest) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var event = arena.allocate(EVENT_BYTES, Long.BYTES);
            event.set(JAVA_INT, 0, interest);
            event.set(KEY, KEY_AT, key);
            int _ = Libc.checked((int) CONTROL.invokeExact(state, epoll, operation, socket, event), state, "epoll_ctl");
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /// Waits for changes, `millis` at most.
    ///
    /// @return how many there are for [#tell]
    int await(int millis) {
        try {
            return (int) WAIT.invokeExact(waiting, epoll, events, EVENTS_MAX, millis); // -1 when a signal came
        } catch (Throwable t) {
            throw new IllegalStateException("epoll_wait", t);
        }
    }

    /// Tells what [#await] has brought.
    void tell(int count, Changes changes) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * EVENT_BYTES;
            long key = events.get(KEY, at + KEY_AT);
            if (key != BELL_KEY) {
                int what = events.get(JAVA_INT, at);
                boolean broken = (what & (HANGUP | ERROR)) != 0;
                boolean ended = broken || (what & READ_HANGUP) != 0;
                changes.changed(key, (what & IN) != 0, broken || (what & OUT) != 0, ended);
            }
        }
    }

    /// Has the thread in [#await] return.
    void wake() {
        try (var arena = Arena.ofConfined()) {
            int _ = (int) EVENTFD_WRITE.invokeExact(Libc.newState(arena), bell, 1L);
        } catch (Throwable t) {
            throw new IllegalStateException("eventfd_write", t);
        }
    }

    /// Whether a read of this socket would not wait.
    static boolean isReadable(int socket) {
        try (var arena = Arena.ofConfined()) {
            var asked = arena.allocate(POLL_BYTES, Integer.BYTES);
            asked.set(JAVA_INT, 0, socket);
            asked.set(JAVA_SHORT, Integer.BYTES, (short) IN);
            int ready = (int) POLL.invokeExact(Libc.newState(arena), asked, 1L, 0);
            return ready > 0;
        } catch (Throwable t) {
            throw new IllegalStateException("poll", t);
        }
    }
}
