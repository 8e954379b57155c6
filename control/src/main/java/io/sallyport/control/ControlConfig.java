package io.sallyport.control;

import io.sallyport.control.store.Database;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.wire.address.IpBlock;
import java.util.List;

/// How the control plane runs.
///
/// @param domain what sandbox hosts end with, with the port people use: `localhost:8000`
/// @param tokenSeed what sandbox tokens are derived from; the same for all replicas
/// @param secretsKey what secrets are sealed with, [Sealed#KEY_BYTES] long; the same for all replicas
/// @param egressDefault the policy of sandboxes of which nothing is said
/// @param privateAllowed what of the operator's own network policies may name
public record ControlConfig(
        Database.Address database,
        String domain,
        byte[] tokenSeed,
        byte[] secretsKey,
        EgressPolicy egressDefault,
        List<IpBlock> privateAllowed) {
    public ControlConfig {
        tokenSeed = tokenSeed.clone();
        secretsKey = secretsKey.clone();
        privateAllowed = List.copyOf(privateAllowed);
    }

    @Override
    public byte[] tokenSeed() {
        return tokenSeed.clone();
    }

    @Override
    public byte[] secretsKey() {
        return secretsKey.clone();
    }

    @Override
    public String toString() {
        return "ControlConfig[" + database + ", domain=" + domain + ", tokenSeed=set, secretsKey=set]";
    }
}
