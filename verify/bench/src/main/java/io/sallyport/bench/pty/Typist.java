package io.sallyport.bench.pty;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// Types into a terminal whose program echoes each byte, and says how long each took to come back: a process of
/// its own, so that it waits for nobody but the platform.
///
/// `Typist COUNT TERMINAL PORT [HEADER VALUE]...` prints lines of nanoseconds: `echo` for how long a byte took,
/// counted from before it was sent; `late` for how long after its time it was sent.
public final class Typist {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int JITTER_NANOS = (int) TimeUnit.MILLISECONDS.toNanos(5);
    private static final int WARM_UP = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LETTERS = 26;

    private final Attachment terminal;
    private final int count;
    private final AtomicLongArray sentNanos;
    private final long[] echoNanos;
    private final long[] lateNanos;

    private Typist(Attachment terminal, int count) {
        this.terminal = terminal;
        this.count = count;
        this.sentNanos = new AtomicLongArray(count);
        this.echoNanos = new long[count];
        this.lateNanos = new long[count];
    }

    public static void main(String[] args) throws Exception {
        int count = WARM_UP + Integer.parseInt(args[0]);
        var door = Door.parse(List.of(args).subList(2, args.length));
        try (var terminal = Attachment.open(door, args[1], lasting(count).plus(PATIENCE))) {
            terminal.awaitReady();
            new Typist(terminal, count).run();
            terminal.detach();
        }
    }

    /// How long it takes to press so many keys.
    static Duration lasting(int count) {
        return Duration.ofNanos(EVERY_NANOS * count);
    }

    private void run() throws IOException {
        Thread.ofPlatform().daemon().start(this::type);
        for (int got = 0; got < count; ) {
            var bytes = terminal.output().orElseThrow(() -> new IOException("the program has ended"));
            long now = System.nanoTime();
            for (byte b : bytes) {
                if (got == count || b != key(got) || sentNanos.get(got) == 0) {
                    throw new IOException("key " + got + " of " + count + " came back as " + b);
                }
                echoNanos[got] = now - sentNanos.get(got);
                got++;
            }
        }
        print("echo", echoNanos);
        print("late", lateNanos);
    }

    private void type() {
        var random = new Random(1);
        long began = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                long due = began + EVERY_NANOS * i + random.nextInt(JITTER_NANOS);
                long now;
                while ((now = System.nanoTime()) - due < 0) {
                    LockSupport.parkNanos(due - now);
                }
                lateNanos[i] = now - due;
                sentNanos.set(i, System.nanoTime());
                terminal.type(new byte[] {key(i)}, 0, 1);
            }
        } catch (IOException e) {
            System.err.println("typing: " + e);
            terminal.close(); // which ends the other thread's waiting
        }
    }

    private static byte key(int index) {
        return (byte) ('a' + index % LETTERS);
    }

    private static void print(String name, long[] nanos) {
        var line = new StringBuilder(name);
        for (int i = WARM_UP; i < nanos.length; i++) {
            line.append(' ').append(nanos[i]);
        }
        System.out.println(line);
    }
}
