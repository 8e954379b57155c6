package io.sallyport.wire.net;

import io.sallyport.kit.CpuGroup;
import io.sallyport.kit.Niceness;
import io.sallyport.kit.Port;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/// A class of traffic with threads, connections and queues of its own, so that it never waits for the other.
///
/// - **Threads**: any. Bulk runs on virtual threads; interactive on platform threads, between which and the
///   few that carry the virtual ones the kernel divides the processor.
/// - **Limits**: [#INTERACTIVE_MAX] interactive connections with threads of their own; the others are served
///   as bulk is. What such a connection forks (at most two threads at a time) is not counted.
/// - **Errors**: where the kernel has no thread left, a virtual one does the work.
public enum Lane {
    /// Somebody waits for every byte: terminals, commands and files ([Port#GUEST]), and control.
    INTERACTIVE,
    /// Everything else.
    BULK;

    /// Connections in the interactive lane at a time.
    public static final int INTERACTIVE_MAX = 4_096;

    /// How long a turn of a thread that somebody waits for is.
    public static final Duration TURN = Duration.ofNanos(200_000);

    /// Reserved, not used: pages that nobody touches cost nothing.
    private static final long STACK_BYTES = 512 << 10;

    private static final int NICE = -5;
    private static final String GROUP = "sallyport-interactive";
    private static final int SHARES = 10_240; // ten times what others have
    private static final String BULK_GROUP = "sallyport-bulk";
    private static final int BULK_SHARES = 102; // a tenth of what others have
    private static final String PAUSING = "VM Thread"; // whom all wait for while it collects garbage
    private static volatile boolean mayGoFirst = true;
    private static volatile Optional<CpuGroup> group = Optional.empty();

    private static final Logger LOG = System.getLogger(Lane.class.getName());
    private static final Semaphore FREE = new Semaphore(INTERACTIVE_MAX);
    private static final ThreadFactory CONNECTIONS = Thread.ofPlatform()
            .daemon()
            .name("interactive-", 0)
            .stackSize(STACK_BYTES)
            .factory();

    /// The lane of what goes to a port of a sandbox.
    public static Lane of(Port port) {
        return port.equals(Port.GUEST) ? INTERACTIVE : BULK;
    }

    /// The lane of the calling thread. A thread of [BulkThreads] must not ask.
    public static Lane current() {
        return Thread.currentThread().isVirtual() ? BULK : INTERACTIVE;
    }

    /// Starts `connection` on a platform thread of its own; false, and nothing started, at the limit.
    public static boolean startInteractive(Runnable connection) {
        if (!FREE.tryAcquire()) {
            return false;
        }
        boolean started = false;
        try {
            CONNECTIONS
                    .newThread(() -> {
                        goFirst();
                        try {
                            connection.run();
                        } finally {
                            FREE.release();
                        }
                    })
                    .start();
            started = true;
        } catch (OutOfMemoryError e) { // no thread to be had, as a process limit can make it
            LOG.log(Level.WARNING, "an interactive connection is served as bulk: {0}", e.getMessage());
        } finally {
            if (!started) {
                FREE.release();
            }
        }
        return started;
    }

    /// Gives interactive threads that start from now on a share of the processors of their own, and all other threads
    /// of the program together a hundredth of that; false where that cannot be done.
    public static boolean takeOwnShare() {
        var own = CpuGroup.of(GROUP, SHARES);
        var bulk = CpuGroup.of(BULK_GROUP, BULK_SHARES);
        if (own.isEmpty() || bulk.isEmpty()) {
            return false;
        }
        try {
            bulk.get().addThisProgram();
            own.get().addThreads(PAUSING);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no share of its own for the interactive lane: {0}", e.getMessage());
            return false;
        }
        group = own;
        return true;
    }

    /// Root may, and so may a program with `CAP_SYS_NICE`; without it the lane is one among equals.
    private static void goFirst() {
        if (mayGoFirst) {
            try {
                if (group.isPresent()) {
                    group.get().addThisThread();
                }
                Niceness.ofThisThread(NICE);
                Niceness.turnsOfThisThread(TURN);
            } catch (IOException e) {
                mayGoFirst = false;
                LOG.log(Level.DEBUG, "interactive connections do not go before others: {0}", e.getMessage());
            }
        }
    }

    /// Starts a thread of the caller's lane.
    public static Thread fork(String name, Runnable task) {
        if (current() == INTERACTIVE) {
            try {
                return Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .stackSize(STACK_BYTES)
                        .start(() -> {
                            goFirst();
                            task.run();
                        });
            } catch (OutOfMemoryError e) {
                LOG.log(Level.WARNING, "{0} runs on a virtual thread: {1}", name, e.getMessage());
            }
        }
        return Thread.ofVirtual().name(name).start(task);
    }
}
