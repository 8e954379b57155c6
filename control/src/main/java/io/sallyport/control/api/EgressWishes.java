package io.sallyport.control.api;

import io.sallyport.control.api.Messages.NetworkUpdate;
import io.sallyport.control.api.Messages.NewSandboxBody;
import io.sallyport.control.egress.MaskedHeaders;
import io.sallyport.control.egress.PolicyJson;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.wire.address.IpBlock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
        var wish = said(body);
        return new Wish(restored(wish.policy(), EgressPolicy.NONE), wish.network());
    }

    /// The policy where values of headers that were not shown are what they were in `before`.
    static EgressPolicy restored(EgressPolicy policy, EgressPolicy before) {
        try {
            return MaskedHeaders.restored(policy, before);
        } catch (PolicyJson.FormatException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }

    private Wish said(NewSandboxBody body) {
        var network = network(body);
        var ours = body.egress();
        if (ours == null || ours.isNull()) {
            return network.saysNothing() ? new Wish(otherwise, null) : of(network);
        }
        if (!network.saysNothing()) {
            throw new ApiException(
                    400,
                    "egress: given together with network.allowOut, denyOut, rules, egressProxy or"
                            + " allow_internet_access (expected: either)");
        }
        return new Wish(policy(ours), null);
    }

    private static NetworkUpdate network(NewSandboxBody body) {
        var network = body.network();
        return network == null
                ? new NetworkUpdate(null, null, null, null, body.allowInternetAccess())
                : new NetworkUpdate(
                        network.allowOut(),
                        network.denyOut(),
                        network.rules(),
                        network.egressProxy(),
                        body.allowInternetAccess());
    }

    /// What the e2b client says of the network; to be [#restored].
    Wish of(NetworkUpdate network) {
        try {
            return new Wish(checked(network.toNetwork().toPolicy()), Json.text(network.shown()));
        } catch (PolicyException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        } catch (NullPointerException e) { // a null in a list or a map
            throw new ApiException(400, "network: null in a list (expected: no null)");
        }
    }

    /// A policy in our words; to be [#restored].
    EgressPolicy policy(JsonNode json) {
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
