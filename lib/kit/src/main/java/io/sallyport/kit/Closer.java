package io.sallyport.kit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Closes what was registered, last first, every one even when another fails.
///
/// - **Threads**: any; a resource registered after [#close()] is closed at once.
/// - **Errors**: the first failure is thrown, the others are suppressed in it.
public final class Closer implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private boolean closed;

    public <T extends AutoCloseable> T register(T resource) {
        synchronized (this) {
            if (!closed) {
                resources.push(resource);
                return resource;
            }
        }
        closeAll(resource, null);
        return resource;
    }

    @Override
    public void close() {
        Deque<AutoCloseable> toClose;
        synchronized (this) {
            closed = true;
            toClose = new ArrayDeque<>(resources);
            resources.clear();
        }
        RuntimeException first = null;
        for (var resource : toClose) {
            first = closeOne(resource, first);
        }
        if (first != null) {
            throw first;
        }
    }

    private static void closeAll(AutoCloseable resource, @Nullable RuntimeException first) {
        var failure = closeOne(resource, first);
        if (failure != null) {
            throw failure;
        }
    }

    @SuppressWarnings("ThrowableNotThrown") // handed to the caller, which throws
    private static @Nullable RuntimeException closeOne(AutoCloseable resource, @Nullable RuntimeException first) {
        try {
            resource.close();
            return first;
        } catch (Exception e) {
            var failure = e instanceof RuntimeException r ? r : new IllegalStateException("close: " + e, e);
            if (first == null) {
                return failure;
            }
            first.addSuppressed(failure);
            return first;
        }
    }
}
