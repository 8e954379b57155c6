package io.sallyport.egress.session;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.Verdict;
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
        if (!(policy.connect(destination, way.scheme()) instanceof Verdict.Allowed)) {
            return false;
        }
        var address = way.address();
        if (address != null && !(policy.address(destination, way.scheme(), address) instanceof Verdict.Allowed)) {
            return false;
        }
        boolean sameWay =
                address == null || Objects.equals(way.proxy(), policy.source().proxy());
        return sameWay && (way.intercepted() || !wantsInterception(known, tunnel));
    }

    private static boolean wantsInterception(Known known, OpenTunnel tunnel) {
        return !tunnel.way().scheme().equals("tcp") && Interception.isWanted(known, tunnel.destination());
    }
}
