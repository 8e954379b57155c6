package io.sallyport.guest.process;

import io.sallyport.guest.LogRing;
import io.sallyport.guest.process.Posix.Exited;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.rpc.terminal.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A command that was started, from its first event to its last.
///
/// ```
///   stdout ─reader─┐
///   stderr ─reader─┼─▶ emit ─▶ queue of each follower        nobody follows: ─▶ the log
///   exit  ──ender──┘           (full: the reader waits, and so does the command)
/// ```
///
/// The end event comes after both outputs have ended, so a grandchild that holds a pipe keeps the command open
/// as in a
/// shell pipeline; after a signal of ours it comes [#AFTER_SIGNAL_WAIT] after the exit at the latest.
///
/// - **Threads**: two readers and one that waits for the end, all platform threads with small stacks.
/// - **Limits**: [#EVENTS_MAX] events wait for a follower; a chunk has at most [#CHUNK_BYTES_MAX] bytes.
final class RunningProcess implements Running {
    private static final int EVENTS_MAX = 8;
    private static final int CHUNK_BYTES_MAX = 32 << 10;
    private static final int STACK_BYTES = 256 << 10;
    private static final Duration AFTER_SIGNAL_WAIT = Duration.ofMillis(200);

    private final ProcessConfig config;
    private final @Nullable String tag;
    private final LogRing log;
    private final CompletableFuture<Exited> exit = new CompletableFuture<>();
    private final CountDownLatch outputs = new CountDownLatch(2);
    private final List<Following> followers = new CopyOnWriteArrayList<>();
    private final Object inputLock = new Object();
    private int pid;
    private int stdin;
    private volatile boolean signalled;
    private volatile StartResponse.@Nullable End end;

    RunningProcess(ProcessConfig config, @Nullable String tag, LogRing log) {
        this.config = config;
        this.tag = tag;
        this.log = log;
    }

    /// One that follows the events. Closing it ends the following and nothing else.
    private final class Following implements Follower {
        private final BlockingQueue<StartResponse> queue = new ArrayBlockingQueue<>(EVENTS_MAX);
        private volatile boolean closed;

        /// The next event, or null when `wait` is over.
        @Override
        public @Nullable StartResponse next(Duration wait) {
            try {
                return queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        @Override
        public int pid() {
            return pid;
        }

        private void put(StartResponse event) {
            try {
                while (!closed && !queue.offer(event, 1, TimeUnit.SECONDS)) {
                    // Full: the follower is slow. It is asked again until it takes the event or goes away.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closed = true;
            followers.remove(this);
        }
    }

    /// Called once, when the process exists. Descriptors are closed here; `stdinFd` is -1 where there is no
    /// pipe.
    void started(int startedPid, int stdinFd, int stdoutFd, int stderrFd, Runnable whenEnded) {
        pid = startedPid;
        stdin = stdinFd;
        startReader("stdout-" + pid, stdoutFd, StartResponse::stdout);
        startReader("stderr-" + pid, stderrFd, StartResponse::stderr);
        start("end-" + pid, () -> {
            finish();
            whenEnded.run();
        });
    }

    @Override
    public void exited(Exited how) {
        exit.complete(how);
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public ProcessConfig config() {
        return config;
    }

    @Override
    public @Nullable String tag() {
        return tag;
    }

    @Override
    public boolean ended() {
        return end != null;
    }

    @Override
    public void markSignalled() {
        signalled = true;
    }

    @Override
    public void endsBy(Future<?> killer) {
        var _ = exit.thenRun(() -> killer.cancel(false));
    }

    @Override
    public Follower follow() {
        var follower = new Following();
        synchronized (followers) {
            followers.add(follower);
            if (end != null) {
                follower.put(StartResponse.ended(end));
            }
        }
        return follower;
    }

    @Override
    public void writePty(byte[] bytes) throws RpcException {
        throw new RpcException(RpcCode.INTERNAL, "tty not assigned to process");
    }

    @Override
    public void resize(Size size) throws RpcException {
        throw new RpcException(RpcCode.INTERNAL, "tty not assigned to process");
    }

    /// Waits while the process does not read.
    @Override
    public void writeStdin(byte[] bytes) throws RpcException {
        synchronized (inputLock) {
            if (stdin < 0) {
                throw new RpcException(RpcCode.INTERNAL, "stdin of pid " + pid + " is not open");
            }
            try {
                Posix.write(stdin, bytes);
            } catch (ErrnoException e) {
                var reason = e.errno() == Libc.EPIPE ? "the process does not read it any more" : e.getMessage();
                throw new RpcException(RpcCode.INTERNAL, "stdin of pid " + pid + ": " + reason);
            }
        }
    }

    @Override
    public void closeStdin() {
        synchronized (inputLock) {
            if (stdin >= 0) {
                Libc.close(stdin);
                stdin = -1;
            }
        }
    }

    private void read(int fd, Function<byte[], StartResponse> event) {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(CHUNK_BYTES_MAX);
            var state = Libc.newState(arena);
            int n;
            while ((n = Posix.read(fd, buffer, state)) > 0) {
                byte[] bytes = buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
                if (followers.isEmpty()) {
                    log.append(bytes);
                } else {
                    emit(event.apply(bytes));
                }
            }
        } catch (ErrnoException e) {
            log.report("pid " + pid + ": output lost: " + e.getMessage());
        } finally {
            Libc.close(fd);
            outputs.countDown();
        }
    }

    private void finish() {
        var how = exit.join();
        awaitOutputs();
        var last = how.toEnd();
        log.report("pid " + pid + " ended: " + last.status());
        synchronized (followers) {
            end = last;
            emit(StartResponse.ended(last));
        }
        // Last, because somebody may be waiting in write() for a reader that a descendant still promises.
        closeStdin();
    }

    private void awaitOutputs() {
        var deadline = Deadline.NEVER;
        try {
            while (!outputs.await(
                    deadline.earlier(Deadline.after(AFTER_SIGNAL_WAIT))
                            .remaining()
                            .toNanos(),
                    TimeUnit.NANOSECONDS)) {
                if (deadline.passed()) {
                    return;
                }
                if (signalled && !deadline.finite()) {
                    deadline = Deadline.after(AFTER_SIGNAL_WAIT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void emit(StartResponse event) {
        for (var follower : followers) {
            follower.put(event);
        }
    }

    /// Where the sandbox has used up its processes no thread can be had: the command runs, its output is lost.
    private void startReader(String name, int fd, Function<byte[], StartResponse> event) {
        try {
            start(name, () -> read(fd, event));
        } catch (OutOfMemoryError e) {
            log.report("pid " + pid + ": output lost: no thread to read it");
            Libc.close(fd);
            outputs.countDown();
        }
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name(name).start(task);
    }
}
