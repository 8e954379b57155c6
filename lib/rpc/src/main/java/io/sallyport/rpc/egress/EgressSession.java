package io.sallyport.rpc.egress;

import io.sallyport.kit.SandboxId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the egress gateway needs to know of one running sandbox.
///
/// @param epoch grows when its token is replaced, and with it the old token ends
/// @param tokenHash SHA-256 of its session token, in hexadecimal
/// @param generation grows with every change of the policy
/// @param secrets all that its policy may use
public record EgressSession(
        SandboxId sandbox,
        long epoch,
        String tokenHash,
        long generation,
        EgressPolicy policy,
        List<BoundSecret> secrets) {
    public EgressSession(
            SandboxId sandbox,
            long epoch,
            @Nullable String tokenHash,
            long generation,
            @Nullable EgressPolicy policy,
            @Nullable List<BoundSecret> secrets) {
        this.sandbox = sandbox;
        this.epoch = epoch;
        this.tokenHash = Objects.requireNonNullElse(tokenHash, "");
        this.generation = generation;
        this.policy = Objects.requireNonNullElse(policy, EgressPolicy.NONE);
        this.secrets = secrets == null ? List.of() : List.copyOf(secrets);
    }
}
