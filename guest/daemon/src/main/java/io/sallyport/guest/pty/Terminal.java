package io.sallyport.guest.pty;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import io.sallyport.rpc.terminal.Size;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// A terminal: a device, what came out of it, what goes in.
///
/// - **Threads**: any; one calls [#readAll()].
/// - **Limits**: those of [Output] and [Input].
/// - **Closes**: [#readAll()] closes the device when it returns; [Output#forget()] lets go of what was kept.
public final class Terminal {
    private static final int READ_BYTES = 64 << 10;

    private final Pty pty;
    private final Output output;
    private final Input input;
    private final Object sizeLock = new Object();
    private Size size;
    private boolean closed; // guarded by sizeLock

    private Terminal(Pty pty, Size size, int keptBytes) {
        this.pty = pty;
        this.output = new Output(keptBytes);
        this.input = new Input(pty);
        this.size = size;
    }

    /// Opens one for a user's programs.
    ///
    /// @param keptBytes how much output is kept; at least a window
    public static Terminal open(int uid, Size size, int keptBytes) throws IOException {
        return new Terminal(Pty.open(uid, size), size, keptBytes);
    }

    /// The file that its programs open.
    public Path file() {
        return pty.file();
    }

    public Output output() {
        return output;
    }

    /// Takes over its output until no program has it open any more, and closes the device.
    public void readAll() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var pace = new Pace();
            var state = Libc.newState(arena);
            var buffer = arena.allocate(READ_BYTES);
            var bytes = new byte[READ_BYTES];
            for (int n = pty.read(bytes, buffer, state); n >= 0; n = pty.read(bytes, buffer, state)) {
                output.append(bytes, n);
                pace.took(n);
            }
        } finally {
            closeDevice();
        }
    }

    private void closeDevice() {
        input.end();
        try {
            input.awaitQuiet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (sizeLock) {
            closed = true;
            pty.close();
        }
    }

    /// There will be no more output.
    public void end() {
        output.end();
    }

    /// Closes what no program has been started in.
    public void abandon() {
        closeDevice();
        output.forget();
    }

    /// Adds input; see [Input#add].
    public void add(byte[] bytes, IntConsumer taken) {
        input.add(bytes, taken);
    }

    /// Adds input and waits until it is in; false where the terminal ended before.
    public boolean write(byte[] bytes) throws InterruptedException {
        var left = new AtomicInteger(bytes.length);
        var in = new CompletableFuture<Boolean>();
        input.add(bytes, n -> {
            if (n < 0) {
                in.complete(false);
            } else if (left.addAndGet(-n) == 0) {
                in.complete(true);
            }
        });
        try {
            return in.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    public Size size() {
        synchronized (sizeLock) {
            return size;
        }
    }

    public void resize(Size wanted) throws ErrnoException {
        synchronized (sizeLock) {
            if (!closed) {
                pty.resize(wanted);
                size = wanted;
            }
        }
    }

    /// Signals the programs in the foreground.
    public void signal(int signal) throws ErrnoException {
        synchronized (sizeLock) {
            if (!closed) {
                pty.signal(signal);
            }
        }
    }
}
