package io.sallyport.guest;

import io.sallyport.rpc.guest.InitRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// What the host told this sandbox: who may enter, who commands run as, what they find in their environment.
///
/// - **Threads**: any.
public final class Session {
    private volatile @Nullable InitRequest init;

    /// Whether `token` opens the door. Before the first `/init` nothing does. Compares in constant time.
    boolean admits(String token) {
        var current = init;
        return current != null && equal(current.accessToken(), token);
    }

    /// Takes over what `request` says; false when the session is already set and `token` is not its token.
    synchronized boolean initialise(InitRequest request, String token) {
        if (init != null && !admits(token)) {
            return false;
        }
        init = request;
        return true;
    }

    /// What was last told; defaults before that.
    public InitRequest current() {
        var current = init;
        return current != null ? current : new InitRequest(null, null, null, null);
    }

    private static boolean equal(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
