package io.sallyport.wire.address;

import java.util.Optional;

/// A host: a name or an address. Immutable.
public sealed interface Host permits HostName, IpAddress {
    /// The one spelling of it, without brackets.
    String text();

    /// Reads a name, a dotted quad, or an IPv6 address without brackets; an IPv4-mapped address is that IPv4 address.
    /// Empty for anything else, and so for every other spelling of an IPv4 address.
    static Optional<Host> parse(String text) {
        if (text.indexOf(':') >= 0 || HostName.endsInNumber(text)) {
            return IpAddress.parse(text).map(IpAddress::unmapped);
        }
        return HostName.parse(text).map(name -> name);
    }
}
