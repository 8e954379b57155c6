package io.sallyport.control.api;

import io.sallyport.control.api.Messages.Network;
import io.sallyport.control.api.Messages.NetworkUpdate;
import io.sallyport.control.api.Messages.NewSandboxBody;
import io.sallyport.control.egress.PolicyJson;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.E2bNetwork;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.wire.address.IpBlock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What clients say of the way out, in our words or in those of the e2b client, checked as a whole. Pure.
///
/// @param otherwise the policy of sandboxes of which nothing is said
/// @param privateAllowed what of the operator's network policies may name
record EgressWishes(EgressPolicy otherwise, List<IpBlock> privateAllowed) {
    EgressWishes {
        privateAllowed = List.copyOf(privateAllowed);
    }

    /// A policy, and how the e2b client said it.
    ///
    /// @param network as JSON, without what is secret; null where our words were used, or none
    record Wish(EgressPolicy policy, @Nullable String network) {}

    /// What a request to make a sandbox says.
    Wish of(NewSandboxBody body) {
        var network = body.network() == null ? NetworkUpdate.NOTHING : update(body.network(), body);
        boolean inTheirWords = !network.isEmpty() || body.allowInternetAccess() != null;
        if (body.egress() != null && inTheirWords) {
            throw new ApiException(
                    400,
                    "egress: given together with "
                            + (network.isEmpty() ? "allow_internet_access" : "network.allowOut, denyOut, rules or egressProxy")
                            + " (expected: one of both)");
        }
        if (body.egress() != null) {
            return new Wish(policy(body.egress()), null);
        }
        return inTheirWords
                ? of(body.network() == null ? NetworkUpdate.internet(body.allowInternetAccess()) : network)
                : new Wish(otherwise, null);
    }

    private static NetworkUpdate update(Network network, NewSandboxBody body) {
        return new NetworkUpdate(
                network.allowOut(),
                network.denyOut(),
                network.rules(),
                network.egressProxy(),
                body.allowInternetAccess());
    }

    /// What the e2b client says of the network.
    Wish of(NetworkUpdate network) {
        var said = network.toNetwork();
        try {
            return new Wish(checked(said.toPolicy()), Json.text(Messages.NetworkShown.of(network)));
        } catch (PolicyException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }

    /// A policy in our words.
    EgressPolicy policy(tools.jackson.databind.JsonNode json) {
        try {
            return checked(PolicyJson.parse(json));
        } catch (PolicyException | PolicyJson.FormatException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }

    private EgressPolicy checked(EgressPolicy policy) throws PolicyException {
        Objects.requireNonNull(CompiledPolicy.compile(policy, privateAllowed));
        return policy;
    }
}
