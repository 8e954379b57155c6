package io.sallyport.egress.testing;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.EgressSessions;
import io.sallyport.rpc.route.UndecidedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A control plane in memory, which can be made to know nothing.
public final class FakeSessions implements EgressSessions {
    private final Map<SandboxId, EgressSession> sessions = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean undecided;

    @Override
    public Optional<EgressSession> find(SandboxId sandbox) throws UndecidedException {
        asked.incrementAndGet();
        if (undecided) {
            throw new UndecidedException("nobody can say", new IOException("as the test wants it"));
        }
        return Optional.ofNullable(sessions.get(sandbox));
    }

    @Override
    public Closeable watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    public int asked() {
        return asked.get();
    }

    /// From now on nobody can say anything; and nobody is told that it is so.
    public void undecided(boolean now) {
        undecided = now;
    }

    /// Sets a sandbox's session and tells the watchers.
    public void put(SandboxId sandbox, String token, EgressPolicy policy, BoundSecret... secrets) {
        var before = sessions.get(sandbox);
        long generation = before == null ? 1 : before.generation() + 1;
        sessions.put(sandbox, new EgressSession(sandbox, 1, sha256(token), generation, policy, List.of(secrets)));
        changed(sandbox);
    }

    public void end(SandboxId sandbox) {
        sessions.remove(sandbox);
        changed(sandbox);
    }

    public void changed(SandboxId sandbox) {
        watchers.forEach(watcher -> watcher.changed(sandbox));
    }

    public void reset() {
        watchers.forEach(Watcher::reset);
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
