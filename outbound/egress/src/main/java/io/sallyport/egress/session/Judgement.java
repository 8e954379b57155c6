package io.sallyport.egress.session;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.Verdict;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.util.Objects;
import java.util.Optional;

/// Whether a tunnel that is open may stay so. Pure.
public final class Judgement {
    private Judgement() {}

    /// Why a tunnel must end under what is known now; empty where it may stay.
    public static Optional<EgressReason> of(Known known, OpenTunnel tunnel) {
        if (!tunnel.tokenHash().equals(known.session().tokenHash())) {
            return Optional.of(EgressReason.UNAUTHENTICATED);
        }
        return isAllowed(known, tunnel) ? Optional.empty() : Optional.of(EgressReason.POLICY_TIGHTENED);
    }

    private static boolean isAllowed(Known known, OpenTunnel tunnel) {
        var policy = known.policy();
        var way = tunnel.way();
        var destination = tunnel.destination();
        if (!(policy.connect(destination, way.scheme()) instanceof Verdict.Allowed(var rule))) {
            return false;
        }
        boolean goesTheRightWay = !way.dialled()
                || (Objects.equals(way.proxy(), policy.source().proxy()) && isAllowed(policy, tunnel, rule));
        return goesTheRightWay && (way.intercepted() || !wantsInterception(known, tunnel));
    }

    /// Whether the address that was dialled is allowed. Nobody can say that of one that only a proxy knows.
    private static boolean isAllowed(CompiledPolicy policy, OpenTunnel tunnel, String rule) {
        var way = tunnel.way();
        var address = way.address();
        return address == null
                ? !asksForAddresses(policy, rule)
                : policy.address(tunnel.destination(), way.scheme(), address) instanceof Verdict.Allowed;
    }

    /// Whether the policy cannot decide about a name without its addresses.
    ///
    /// @param rule by which the name is allowed so far
    public static boolean asksForAddresses(CompiledPolicy policy, String rule) {
        return rule.equals(CompiledPolicy.PENDING)
                || policy.source().deny().stream()
                        .anyMatch(denied -> IpBlock.parse(denied.target()).isPresent()
                                || IpAddress.parse(denied.target()).isPresent());
    }

    private static boolean wantsInterception(Known known, OpenTunnel tunnel) {
        return !tunnel.way().scheme().equals("tcp") && Interception.isWanted(known, tunnel.destination());
    }
}
