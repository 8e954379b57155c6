package io.sallyport.egress.session;

import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;

/// Which connections are looked into. Pure.
public final class Interception {
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
}
