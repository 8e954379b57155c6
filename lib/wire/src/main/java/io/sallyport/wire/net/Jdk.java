package io.sallyport.wire.net;

import java.lang.Thread.Builder.OfVirtual;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;

/// What the JDK has and does not give out: for its schedulers of virtual threads a public way is promised for a later
/// one.
///
/// - **Errors**: an [IllegalStateException] where the JDK was started without [#OPTIONS].
final class Jdk {
    private static final String OPTIONS =
            "--add-opens=java.base/java.lang=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

    private static final MethodHandle BUILDER;
    private static final MethodHandle CARRIER;
    private static final MethodHandle NUMBER;

    static {
        try {
            var builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            BUILDER = opened(builder)
                    .findConstructor(builder, MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(OfVirtual.class, Executor.class));
            CARRIER = opened(Thread.class)
                    .findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
            NUMBER = MethodHandles.lookup()
                    .findVirtual(Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, SocketChannel.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this program needs Java 25 started with " + OPTIONS, e);
        }
    }

    private Jdk() {}

    private static Lookup opened(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    /// A builder of virtual threads that such a scheduler runs.
    static OfVirtual threads(Executor scheduler) {
        try {
            return (OfVirtual) BUILDER.invokeExact(scheduler);
        } catch (Throwable e) {
            throw new IllegalStateException("virtual threads with a scheduler of ours", e);
        }
    }

    /// The platform thread that the calling thread runs on.
    static Thread carrier() {
        try {
            return (Thread) CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("the carrier of a thread", e);
        }
    }

    /// What the kernel knows a socket as while it is open.
    static int number(SocketChannel channel) {
        try {
            return (int) NUMBER.invokeExact(channel);
        } catch (Throwable e) {
            throw new IllegalStateException("the number of a socket", e);
        }
    }
}
