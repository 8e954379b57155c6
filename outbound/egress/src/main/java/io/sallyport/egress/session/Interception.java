package io.sallyport.egress.session;

import io.sallyport.egress.intercept.PermittedHosts;
import io.sallyport.egress.intercept.Terms;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.HashSet;

/// Which connections are looked into, and which could be. Pure.
public final class Interception {
    private static final HostName CANARY = new HostName(EgressApi.CANARY_ALLOWED);

    private Interception() {}

    /// Whether a rule, a header that is to be set, or a credential that is bound to this very host and port wants it,
    /// and nobody has excepted the host.
    public static boolean isWanted(Known known, Destination destination) {
        var policy = known.policy();
        if (destination.host() instanceof HostName name && policy.bypassed(name)) {
            return false;
        }
        var credentials = known.terms().credentials();
        return policy.needsInterception(destination)
                || credentials.anyFor(destination, "https")
                || credentials.anyFor(destination, "http");
    }

    /// Every host for which [#isWanted] may be true, and the gateway's own that answers under every policy. Ports and
    /// schemes do not matter here: certificates have none. Anything where a rule about requests is for any host.
    public static PermittedHosts permitted(Terms terms) {
        var policy = terms.policy();
        var inspected = policy.inspected();
        if (inspected.isEmpty()) {
            return PermittedHosts.ANY;
        }
        var names = new HashSet<>(inspected.get());
        names.add(CANARY);
        var addresses = new HashSet<IpAddress>();
        for (var host : terms.credentials().hosts()) {
            switch (host) {
                case IpAddress address -> addresses.add(address);
                case HostName name -> {
                    if (!policy.bypassed(name)) {
                        names.add(name);
                    }
                }
            }
        }
        return PermittedHosts.of(names, addresses);
    }
}
