package io.sallyport.control.egress;

import io.sallyport.control.sandbox.AccessTokens;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.control.store.Changes;
import io.sallyport.control.store.EgressStore;
import io.sallyport.control.store.EgressStore.StoredEgress;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.EgressSessions;
import io.sallyport.rpc.egress.policy.Placeholders;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.rpc.route.UndecidedException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers the egress gateway from the database, and changes what it is answered.
///
/// - **Threads**: any.
public final class EgressService implements EgressSessions {
    private final EgressStore store;
    private final Secrets secrets;
    private final AccessTokens tokens;
    private final PolicyVault vault;
    private final Changes changes;

    public EgressService(EgressStore store, Secrets secrets, AccessTokens tokens, PolicyVault vault, Changes changes) {
        this.store = store;
        this.secrets = secrets;
        this.tokens = tokens;
        this.vault = vault;
        this.changes = changes;
    }

    /// The way out of a sandbox as it was last said.
    ///
    /// @param network the policy in the words of the e2b client, as JSON; null where it was not said so
    /// @param door whether the sandbox was made with a way out
    public record Current(
            SandboxState state,
            EgressPolicy policy,
            @Nullable String network,
            boolean door,
            long epoch,
            long generation) {}

    /// What came of a wish to change a policy.
    public enum Change {
        DONE,
        /// It was made without a way out, and none can be added.
        NO_DOOR,
        /// Somebody else has changed it meanwhile, or the sandbox has ended.
        OVERTAKEN
    }

    /// While a sandbox starts it has a session already: its relay tries the way out before anybody is told of the
    /// sandbox.
    @Override
    public Optional<EgressSession> find(SandboxId sandbox) throws UndecidedException {
        try {
            var stored = store.find(sandbox).filter(EgressService::mayAsk);
            return stored.isEmpty() ? Optional.empty() : Optional.of(session(sandbox, stored.get()));
        } catch (RuntimeException | Sealed.BrokenException | PolicyException e) {
            throw new UndecidedException("way out of " + sandbox + ": " + e.getMessage(), e);
        }
    }

    private static boolean mayAsk(StoredEgress stored) {
        return stored.door()
                && switch (stored.state()) {
                    case CREATING, RUNNING, RESUMING -> true;
                    case PAUSING, PAUSED, KILLING, KILLED -> false;
                };
    }

    private EgressSession session(SandboxId sandbox, StoredEgress stored)
            throws Sealed.BrokenException, PolicyException {
        var policy = vault.read(sandbox, stored.policy());
        return new EgressSession(
                sandbox,
                stored.epoch(),
                sha256(tokens.egress(sandbox, stored.epoch())),
                stored.generation(),
                policy,
                secrets.open(stored.team(), secretsOf(policy)));
    }

    /// The names of all secrets a policy may use.
    static Set<String> secretsOf(EgressPolicy policy) throws PolicyException {
        var names = new LinkedHashSet<>(policy.secrets());
        for (var transform : policy.transforms()) {
            for (var value : transform.headers().values()) {
                names.addAll(Placeholders.names(value));
            }
        }
        return names;
    }

    @Override
    public Closeable watch(Watcher watcher) {
        return changes.watch(watcher);
    }

    /// The way out of a sandbox as it is stored; empty when there never was one of that name.
    public Optional<Current> current(SandboxId sandbox) throws Sealed.BrokenException {
        var stored = store.find(sandbox);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        var egress = stored.get();
        return Optional.of(new Current(
                egress.state(),
                vault.read(sandbox, egress.policy()),
                egress.network(),
                egress.door(),
                egress.epoch(),
                egress.generation()));
    }

    /// Replaces the policy of a sandbox, for open connections as well.
    ///
    /// @param current what it shall replace
    /// @param network the same in the words of the e2b client, as JSON; null where it was not said so
    public Change replace(SandboxId sandbox, Current current, EgressPolicy policy, @Nullable String network) {
        if (!current.door() && policy.mode() != EgressPolicy.Mode.NONE) {
            return Change.NO_DOOR;
        }
        var kept = PolicyJson.keepingPassword(policy, current.policy());
        return store.replace(sandbox, current.generation(), vault.write(sandbox, kept), network)
                ? Change.DONE
                : Change.OVERTAKEN;
    }

    /// Ends the session token that is in use, and everything that is open with it; gives the new epoch, empty when
    /// the sandbox has ended.
    public OptionalLong rotate(SandboxId sandbox) {
        return store.rotate(sandbox);
    }

    private static String sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
