package io.sallyport.guest.pty;

import io.sallyport.kit.Libc.ErrnoException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.IntConsumer;

/// What goes into a terminal, in the order in which it came. Nothing is dropped while the terminal lives.
///
/// - **Threads**: any. Where a program does not read, one platform thread waits for it.
/// - **Limits**: none of its own; whoever adds waits to be told that its bytes are in.
final class Input {
    private static final int STACK_BYTES = 256 << 10;
    private static final int GONE = -1;

    private final Pty pty;
    private final Queue<Bytes> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean over;

    Input(Pty pty) {
        this.pty = pty;
    }

    private static final class Bytes {
        private final byte[] bytes;
        private final IntConsumer taken;
        private int at;

        Bytes(byte[] bytes, IntConsumer taken) {
            this.bytes = bytes;
            this.taken = taken;
        }
    }

    /// Adds bytes, and never waits. `taken` is told how many have gone in, piece by piece, and [#GONE] when the
    /// terminal has ended before; it must not block.
    synchronized void add(byte[] bytes, IntConsumer taken) {
        if (over) {
            taken.accept(GONE);
            return;
        }
        waiting.add(new Bytes(bytes, taken));
        if (!writing && !writeWhatFits()) {
            writing = true;
            Thread.ofPlatform()
                    .daemon()
                    .stackSize(STACK_BYTES)
                    .name("pty-input")
                    .start(this::writeAll);
        }
    }

    /// True when nothing waits any more.
    private boolean writeWhatFits() {
        try {
            for (var first = waiting.peek(); first != null; first = waiting.peek()) {
                int n = pty.write(first.bytes, first.at, first.bytes.length - first.at);
                first.at += n;
                first.taken.accept(n);
                if (first.at == first.bytes.length) {
                    waiting.remove();
                } else if (n == 0) {
                    return false;
                }
            }
        } catch (ErrnoException e) {
            end();
        }
        return true;
    }

    private void writeAll() {
        while (true) {
            try {
                pty.awaitRoom();
            } catch (ErrnoException e) {
                end();
            }
            synchronized (this) {
                if (writeWhatFits()) {
                    writing = false;
                    notifyAll();
                    return;
                }
            }
        }
    }

    /// Takes no more, and waits until nobody uses the terminal.
    synchronized void end() {
        over = true;
        waiting.forEach(bytes -> bytes.taken.accept(GONE));
        waiting.clear();
    }

    /// Waits until nobody writes.
    synchronized void awaitQuiet() throws InterruptedException {
        while (writing) {
            wait();
        }
    }
}
