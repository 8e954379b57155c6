package io.sallyport.wire.net;

import java.lang.Thread.Builder.OfVirtual;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Virtual threads that get the processor in the order in which they became ready.
///
/// With the scheduler that the JDK has by itself, threads that are new, or woken from outside, wait until a
/// carrier's own queue is empty, which under load it never is.
///
/// - **Threads**: any. What one of these threads starts with [Thread#ofVirtual()] is one of these too.
/// - **Limits**: one carrier for each processor, at least [#CARRIERS_MIN].
/// - **Errors**: an [IllegalStateException] where the JDK was started without [#OPTION].
public final class FairThreads {
    private static final int CARRIERS_MIN = 2;
    private static final String OPTION = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private FairThreads() {}

    private static final class Scheduler {
        static final FairScheduler ONE = one();

        private static FairScheduler one() {
            int processors = Runtime.getRuntime().availableProcessors();
            return new FairScheduler(processors, Math.max(CARRIERS_MIN, processors));
        }

        /// There for the JDK's own tests; a public way is promised for a later JDK.
        static final Constructor<?> BUILDER = builder();

        private static Constructor<?> builder() {
            try {
                var builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                        .getDeclaredConstructor(Executor.class);
                builder.setAccessible(true);
                return builder;
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw new IllegalStateException("this program needs Java 25 started with " + OPTION, e);
            }
        }
    }

    private static final MethodHandle CARRIER = carrierHandle();
    private static final @Nullable MethodHandle NUMBER = numberHandle();

    private static MethodHandle carrierHandle() {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this program needs Java 25 started with " + OPTION, e);
        }
    }

    private static @Nullable MethodHandle numberHandle() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, SocketChannel.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /// The platform thread that the calling thread runs on.
    static Thread carrier() {
        try {
            return (Thread) CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// The scheduler of the calling thread; null where it is not one of these.
    static @Nullable FairScheduler current() {
        return NUMBER != null
                        && Thread.currentThread().isVirtual()
                        && carrier() instanceof FairScheduler.Carrier carrier
                ? carrier.scheduler()
                : null;
    }

    static int number(SocketChannel channel) {
        try {
            return (int) NUMBER.invokeExact(channel);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
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
        try {
            return (OfVirtual) Scheduler.BUILDER.newInstance(Scheduler.ONE);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads with a scheduler of ours", e);
        }
    }
}
