package io.sallyport.egress.tunnel;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Host;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.Optional;

/// Whether the host that a TLS client names is the one its tunnel was allowed for: else it would talk to another
/// one behind the same address. Pure.
///
/// An encrypted ClientHello cannot be told from the empty one that browsers send, so it is let through, and the name
/// outside of it counts: a policy that allows the name that such hosts share allows all of them.
///
/// @spec reference/egress.md §4.3 nr. 30–33
final class Sni {
    private Sni() {}

    /// Why it may not go on; empty where it may.
    ///
    /// @param named by the client
    static Optional<EgressReason> check(Host asked, Optional<String> named) {
        return switch (asked) {
            case HostName name ->
                named.isEmpty()
                        ? Optional.of(EgressReason.SNI_MISSING)
                        : mismatchUnless(Host.parse(named.get()).equals(Optional.of(name)));
            case IpAddress address ->
                // A name has no place there, whoever it is; an address has none either, by the RFC, and some send it.
                mismatchUnless(named.isEmpty() || Host.parse(named.get()).equals(Optional.of(address)));
        };
    }

    private static Optional<EgressReason> mismatchUnless(boolean fits) {
        return fits ? Optional.empty() : Optional.of(EgressReason.SNI_MISMATCH);
    }
}
