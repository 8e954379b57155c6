package io.sallyport.guest.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sallyport.guest.boot.Accounts.Account;
import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.kit.Niceness;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Runs a program as some user, in a session of its own.
///
/// Java cannot change the user of a child. On Linux credentials belong to a thread, and the C library only
/// pretends
/// otherwise; so a thread made for this one child takes the user's credentials with plain system calls, calls
/// `posix_spawn`, whose child inherits them, and ends. The kernel makes the whole daemon non-dumpable when a
/// thread
/// does that, so a process of the same user cannot trace the thread meanwhile.
///
/// Descriptors of ours are closed in the child: 0, 1 and 2 are set, everything from 3 on is closed.
///
/// @spec https://man7.org/linux/man-pages/man3/posix_spawn.3.html posix_spawn(3)
final class Spawn {
    /// What to run.
    record Program(
            Path path,
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            Account user,
            Streams streams) {}

    /// What a program has for input and output.
    sealed interface Streams {
        /// Descriptors, which stay the caller's.
        ///
        /// @param stdin -1 for `/dev/null`
        record Descriptors(int stdin, int stdout, int stderr) implements Streams {}

        /// A terminal, which becomes the one that controls its session.
        record Tty(Path file) implements Streams {}
    }

    private static final int STRUCT_BYTES = 1024; // posix_spawn's opaque structures are 80 and 336 bytes in glibc
    private static final int SIGSET_BYTES = 128;
    private static final short FLAGS = 0x04 | 0x08 | 0x80; // SETSIGDEF, SETSIGMASK, SETSID
    private static final int O_RDWR = 2;
    private static final int NICE = 0; // which the daemon need not be
    /// Somebody waits for what runs in a terminal; not shorter, because builds run there too.
    private static final Duration TERMINAL_TURN = Duration.ofNanos(500_000);

    private static final Duration KERNELS_TURN = Duration.ZERO;
    private static final int FIRST_CLOSED = 3;
    private static final long CLOSE_RANGE_CLOEXEC = 4;

    private static final MethodHandle SPAWN = Libc.function(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ACTIONS_INIT = onStruct("posix_spawn_file_actions_init");
    private static final MethodHandle ACTIONS_DESTROY = onStruct("posix_spawn_file_actions_destroy");
    private static final MethodHandle ACTIONS_DUP2 = Libc.function(
            "posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACTIONS_OPEN = Libc.function(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACTIONS_CHDIR =
            Libc.function("posix_spawn_file_actions_addchdir_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final Optional<MethodHandle> ACTIONS_CLOSEFROM =
            Libc.find("posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle ATTR_INIT = onStruct("posix_spawnattr_init");
    private static final MethodHandle ATTR_DESTROY = onStruct("posix_spawnattr_destroy");
    private static final MethodHandle ATTR_FLAGS =
            Libc.function("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle ATTR_SIGDEFAULT =
            Libc.function("posix_spawnattr_setsigdefault", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle ATTR_SIGMASK =
            Libc.function("posix_spawnattr_setsigmask", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SIGFILLSET = onStruct("sigfillset");
    private static final MethodHandle SIGEMPTYSET = onStruct("sigemptyset");
    private static final MethodHandle SYSCALL =
            Libc.function("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Numbers of system calls, which differ by processor.
    private record Syscalls(long setgroups, long setresuid, long setresgid, long closeRange) {
        static final Syscalls HERE = System.getProperty("os.arch").equals("aarch64")
                ? new Syscalls(159, 147, 149, 436)
                : new Syscalls(116, 117, 119, 436);
    }

    private Spawn() {}

    /// The pid of the new process. [ErrnoException] says why there is none.
    static int run(Program program) throws IOException {
        var pid = new CompletableFuture<Integer>();
        Thread.ofPlatform().daemon().name("spawn").start(() -> {
            try {
                pid.complete(spawnHere(program));
            } catch (Throwable t) {
                pid.completeExceptionally(t);
            }
        });
        try {
            return pid.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting " + program.path(), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("spawn: " + e.getCause(), e);
        }
    }

    private static int spawnHere(Program program) throws Throwable {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            if (ACTIONS_CLOSEFROM.isEmpty()) {
                // An old C library: mark what is open now, which is harmless to us, as to be closed in children.
                syscall(state, Syscalls.HERE.closeRange(), FIRST_CLOSED, Integer.MAX_VALUE, CLOSE_RANGE_CLOEXEC);
            }
            var actions = arena.allocate(STRUCT_BYTES, 16);
            var attributes = arena.allocate(STRUCT_BYTES, 16);
            ok((int) ACTIONS_INIT.invokeExact(state, actions), "posix_spawn_file_actions_init");
            ok((int) ATTR_INIT.invokeExact(state, attributes), "posix_spawnattr_init");
            try {
                addActions(arena, state, actions, program);
                setAttributes(arena, state, attributes);
                Niceness.ofThisThread(NICE);
                Niceness.turnsOfThisThread(program.streams() instanceof Streams.Tty ? TERMINAL_TURN : KERNELS_TURN);
                become(arena, state, program.user());
                var pid = arena.allocate(JAVA_INT);
                int error = (int) SPAWN.invokeExact(
                        state,
                        pid,
                        arena.allocateFrom(program.path().toString()),
                        actions,
                        attributes,
                        strings(arena, program.argv()),
                        strings(
                                arena,
                                program.environment().entrySet().stream()
                                        .map(e -> e.getKey() + "=" + e.getValue())
                                        .toList()));
                ok(error, "exec " + program.path());
                return pid.get(JAVA_INT, 0);
            } finally {
                int _ = (int) ACTIONS_DESTROY.invokeExact(state, actions);
                int _ = (int) ATTR_DESTROY.invokeExact(state, attributes);
            }
        }
    }

    private static void addActions(Arena arena, MemorySegment state, MemorySegment actions, Program program)
            throws Throwable {
        switch (program.streams()) {
            case Streams.Tty(var file) -> {
                addOpen(arena, state, actions, file.toString(), O_RDWR);
                addDup(state, actions, 0, 1);
                addDup(state, actions, 0, 2);
            }
            case Streams.Descriptors(int stdin, int stdout, int stderr) -> {
                if (stdin < 0) {
                    addOpen(arena, state, actions, "/dev/null", Libc.O_RDONLY);
                } else {
                    addDup(state, actions, stdin, 0);
                }
                addDup(state, actions, stdout, 1);
                addDup(state, actions, stderr, 2);
            }
        }
        var directory = arena.allocateFrom(program.directory().toString());
        ok((int) ACTIONS_CHDIR.invokeExact(state, actions, directory), "chdir");
        if (ACTIONS_CLOSEFROM.isPresent()) {
            ok((int) ACTIONS_CLOSEFROM.get().invokeExact(state, actions, FIRST_CLOSED), "closefrom");
        }
    }

    /// As descriptor 0.
    private static void addOpen(Arena arena, MemorySegment state, MemorySegment actions, String file, int flags)
            throws Throwable {
        ok((int) ACTIONS_OPEN.invokeExact(state, actions, 0, arena.allocateFrom(file), flags, 0), file);
    }

    private static void addDup(MemorySegment state, MemorySegment actions, int from, int to) throws Throwable {
        ok((int) ACTIONS_DUP2.invokeExact(state, actions, from, to), "descriptor " + to);
    }

    private static void setAttributes(Arena arena, MemorySegment state, MemorySegment attributes) throws Throwable {
        var all = arena.allocate(SIGSET_BYTES, 8);
        var none = arena.allocate(SIGSET_BYTES, 8);
        ok((int) SIGFILLSET.invokeExact(state, all), "sigfillset");
        ok((int) SIGEMPTYSET.invokeExact(state, none), "sigemptyset");
        ok((int) ATTR_SIGDEFAULT.invokeExact(state, attributes, all), "posix_spawnattr_setsigdefault");
        ok((int) ATTR_SIGMASK.invokeExact(state, attributes, none), "posix_spawnattr_setsigmask");
        ok((int) ATTR_FLAGS.invokeExact(state, attributes, FLAGS), "posix_spawnattr_setflags");
    }

    /// Takes the user's credentials, for this thread only.
    private static void become(Arena arena, MemorySegment state, Account user) throws Throwable {
        if (user.uid() == 0 && user.gid() == 0) {
            return;
        }
        var groups = arena.allocate(JAVA_INT, user.groups().size());
        for (int i = 0; i < user.groups().size(); i++) {
            groups.setAtIndex(JAVA_INT, i, user.groups().get(i));
        }
        var calls = Syscalls.HERE;
        syscall(state, calls.setgroups(), user.groups().size(), groups.address(), 0);
        syscall(state, calls.setresgid(), user.gid(), user.gid(), user.gid());
        syscall(state, calls.setresuid(), user.uid(), user.uid(), user.uid());
    }

    private static void syscall(MemorySegment state, long number, long a, long b, long c) throws Throwable {
        long result = (long) SYSCALL.invokeExact(state, number, a, b, c);
        if (result != 0) {
            throw new ErrnoException("system call " + number, Libc.errno(state));
        }
    }

    /// posix_spawn and its helpers return the error instead of setting errno.
    private static void ok(int error, String what) throws ErrnoException {
        if (error != 0) {
            throw new ErrnoException(what, error);
        }
    }

    /// A null-terminated array of C strings.
    private static MemorySegment strings(Arena arena, List<String> texts) {
        var array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }

    private static MethodHandle onStruct(String function) {
        return Libc.function(function, FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }
}
