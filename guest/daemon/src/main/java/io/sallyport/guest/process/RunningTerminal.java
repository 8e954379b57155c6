package io.sallyport.guest.process;

import io.sallyport.guest.LogRing;
import io.sallyport.guest.process.Posix.Exited;
import io.sallyport.guest.pty.Output;
import io.sallyport.guest.pty.Output.From;
import io.sallyport.guest.pty.Terminal;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.rpc.terminal.ToViewer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A command with a terminal, from its first byte to its end.
///
/// - **Threads**: one takes over the output, then waits for the end.
/// - **Limits**: a follower gets at most [#EVENT_BYTES_MAX] an event; otherwise those of [Terminal].
public final class RunningTerminal implements Running {
    private static final int EVENT_BYTES_MAX = 16 << 10;
    private static final int STACK_BYTES = 256 << 10;

    private final String id;
    private final ProcessConfig config;
    private final @Nullable String tag;
    private final Terminal terminal;
    private final LogRing log;
    private final CompletableFuture<Exited> exit = new CompletableFuture<>();
    private int pid;
    private volatile StartResponse.@Nullable End end;

    RunningTerminal(String id, ProcessConfig config, @Nullable String tag, Terminal terminal, LogRing log) {
        this.id = id;
        this.config = config;
        this.tag = tag;
        this.terminal = terminal;
        this.log = log;
    }

    /// Called once, when the process exists.
    void started(int startedPid, Runnable whenEnded) {
        pid = startedPid;
        Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name("pty-" + pid).start(() -> {
            try {
                terminal.readAll();
            } catch (IOException e) {
                log.report("pid " + pid + ": output lost: " + e.getMessage());
            }
            var last = exit.join().toEnd();
            log.report("pid " + pid + " ended: " + last.status());
            end = last;
            terminal.end();
            whenEnded.run();
        });
    }

    public String id() {
        return id;
    }

    public Terminal terminal() {
        return terminal;
    }

    /// How it ended; null while it runs.
    public ToViewer.@Nullable Exit exit() {
        var last = end;
        return last == null ? null : new ToViewer.Exit(last.exitCode(), last.exited(), last.status());
    }

    public TerminalInfo info() {
        var output = terminal.output();
        return new TerminalInfo(
                id, pid, config, tag, terminal.size(), output.oldest(), output.written(), output.viewers(), exit());
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
    public void exited(Exited how) {
        exit.complete(how);
    }

    @Override
    public void markSignalled() {
        // A terminal is hung up when its first program ends, so nobody waits for others.
    }

    @Override
    public void endsBy(Future<?> killer) {
        var _ = exit.thenRun(() -> killer.cancel(false));
    }

    @Override
    public Follower follow() {
        return new Following(terminal.output().view(From.NOW, true));
    }

    Follower followFromTheStart() {
        return new Following(terminal.output().view(From.OLDEST, true));
    }

    private final class Following implements Follower {
        private final Output.Viewer viewer;

        Following(Output.Viewer viewer) {
            this.viewer = viewer;
        }

        @Override
        public int pid() {
            return pid;
        }

        @Override
        public @Nullable StartResponse next(Duration wait) {
            var _ = viewer.ack(viewer.next()); // who asks for more has sent what it got
            return switch (viewer.take(EVENT_BYTES_MAX, wait)) {
                case Output.Piece.Bytes(long from, byte[] bytes) -> StartResponse.pty(bytes);
                case Output.Piece.Gap gap -> next(wait); // which this protocol has no word for
                case Output.Piece.Nothing nothing -> null;
                case Output.Piece.End over -> StartResponse.ended(exit.join().toEnd());
            };
        }

        @Override
        public void close() {
            viewer.leave(false);
        }
    }

    @Override
    public void writeStdin(byte[] bytes) throws RpcException {
        throw new RpcException(RpcCode.INTERNAL, "the process has a terminal (expected: pty, not stdin)");
    }

    @Override
    public void closeStdin() throws RpcException {
        throw new RpcException(RpcCode.UNKNOWN, "cannot close stdin for PTY process " + pid);
    }

    /// Waits while the process does not read.
    @Override
    public void writePty(byte[] bytes) throws RpcException {
        try {
            if (!terminal.write(bytes)) {
                throw new RpcException(RpcCode.NOT_FOUND, "process with pid " + pid + " has ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(RpcCode.INTERNAL, "interrupted");
        }
    }

    @Override
    public void resize(Size size) throws RpcException {
        try {
            terminal.resize(valid(size));
        } catch (ErrnoException e) {
            throw new RpcException(RpcCode.INTERNAL, "size of pid " + pid + ": " + e.getMessage());
        }
    }

    /// A size, the default where none is given.
    public static Size valid(@Nullable Size size) throws RpcException {
        if (size == null) {
            return Size.DEFAULT;
        }
        if (!size.valid()) {
            throw new RpcException(
                    RpcCode.INVALID_ARGUMENT,
                    "size: " + size + " (expected: 1x1 to " + Size.MAX + "x" + Size.MAX + ")");
        }
        return size;
    }
}
