package io.sallyport.guest.terminal;

import io.sallyport.rpc.terminal.Size;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The viewers that are attached to one terminal.
///
/// - **Threads**: any.
final class Attachments {
    private final Set<Attachment> all = ConcurrentHashMap.newKeySet();

    void add(Attachment one) {
        all.add(one);
    }

    void remove(Attachment one) {
        all.remove(one);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /// Tells all that the sandbox ends.
    void farewell() {
        all.forEach(Attachment::farewell);
    }

    /// Tells the others what one has done.
    void resized(Attachment by, Size size) {
        all.stream().filter(one -> one != by).forEach(one -> one.resized(size));
    }
}
