package io.sallyport.wire.net;

import java.lang.Thread.Builder.OfVirtual;
import org.jspecify.annotations.Nullable;

/// Virtual threads that get the processor in the order in which they became ready.
///
/// With the scheduler that the JDK has by itself, threads that are new, or woken from outside, wait until a
/// carrier's own queue is empty, which under load it never is.
///
/// - **Threads**: any. What one of these threads starts with [Thread#ofVirtual()] is one of these too.
/// - **Limits**: one carrier for each processor, at least [#CARRIERS_MIN].
/// - **Errors**: an [IllegalStateException] where the JDK was started without the options that [Jdk] names.
public final class FairThreads {
    private static final int CARRIERS_MIN = 2;

    private FairThreads() {}

    private static final class Scheduler {
        static final FairScheduler ONE = start();

        private static FairScheduler start() {
            int processors = Runtime.getRuntime().availableProcessors();
            return FairScheduler.start(processors, Math.max(CARRIERS_MIN, processors));
        }
    }

    /// Lets others go first, where the calling thread is virtual; a platform thread goes on.
    @SuppressWarnings("ThreadPriorityCheck") // what it is for is said above
    public static void makeWay() {
        if (Thread.currentThread().isVirtual()) {
            Thread.yield();
        }
    }

    /// A builder of such threads.
    public static OfVirtual builder() {
        return Jdk.threads(Scheduler.ONE);
    }

    /// Null where the calling thread is not one of these.
    static @Nullable FairScheduler schedulerOfThisThread() {
        return Thread.currentThread().isVirtual() ? FairScheduler.ofCarrier(Jdk.carrier()) : null;
    }
}
