package io.sallyport.wire.address;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What an address is for. Only [#PUBLIC] ones are reached without somebody's explicit wish. Pure.
///
/// The JDK's own predicates do not say this: to them most of these are ordinary. An address that carries an IPv4
/// address is judged by that one where it leads there by a route everybody has (IPv4-mapped, NAT64's well-known
/// prefix), and is never public where it leads through somebody's tunnel.
///
/// @spec https://www.iana.org/assignments/iana-ipv4-special-registry IPv4 special-purpose addresses
/// @spec https://www.iana.org/assignments/iana-ipv6-special-registry IPv6 special-purpose addresses
public enum AddressClass {
    /// "This network"; to Linux, itself.
    UNSPECIFIED,
    LOOPBACK,
    PRIVATE,
    /// Behind a carrier's NAT; one cloud's metadata.
    SHARED,
    /// Metadata of most clouds.
    LINK_LOCAL,
    /// Of the IETF's protocols; one cloud's metadata.
    PROTOCOL,
    DOCUMENTATION,
    BENCHMARK,
    MULTICAST,
    /// And broadcast.
    RESERVED,
    /// A cloud's platform behind an address that looks public: Azure's.
    PLATFORM,
    UNIQUE_LOCAL,
    SITE_LOCAL,
    DISCARD,
    SEGMENT_ROUTING,
    /// Somebody's own NAT64.
    NAT64_LOCAL,
    /// 6to4, and its relays.
    SIX_TO_FOUR,
    TEREDO,
    V4_COMPATIBLE,
    /// Known by the second half of the address, whatever network it is in.
    ISATAP,
    /// What else the IETF keeps for protocols, and what nobody has been given.
    UNASSIGNED,
    PUBLIC;

    /// Of two blocks that have the same address, the one that stands first counts.
    private static final List<Special> SPECIAL = Stream.of(
                    specials(UNSPECIFIED, "0.0.0.0/8", "::/128"),
                    specials(LOOPBACK, "127.0.0.0/8", "::1/128"),
                    specials(PRIVATE, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
                    specials(SHARED, "100.64.0.0/10"),
                    specials(LINK_LOCAL, "169.254.0.0/16", "fe80::/10"),
                    specials(PROTOCOL, "192.0.0.0/24"),
                    specials(
                            DOCUMENTATION,
                            "192.0.2.0/24",
                            "198.51.100.0/24",
                            "203.0.113.0/24",
                            "2001:db8::/32",
                            "3fff::/20"),
                    specials(BENCHMARK, "198.18.0.0/15", "2001:2::/48"),
                    specials(MULTICAST, "224.0.0.0/4", "ff00::/8"),
                    specials(RESERVED, "240.0.0.0/4"),
                    specials(PLATFORM, "168.63.129.16/32"),
                    specials(UNIQUE_LOCAL, "fc00::/7"),
                    specials(SITE_LOCAL, "fec0::/10"),
                    specials(DISCARD, "100::/64"),
                    specials(SEGMENT_ROUTING, "5f00::/16"),
                    specials(NAT64_LOCAL, "64:ff9b:1::/48"),
                    specials(SIX_TO_FOUR, "192.88.99.0/24", "2002::/16"),
                    specials(TEREDO, "2001::/32"),
                    specials(V4_COMPATIBLE, "::/96"),
                    specials(UNASSIGNED, "2001::/23", "::/3", "4000::/2", "8000::/1"))
            .flatMap(Function.identity())
            .toList();

    private static final IpBlock NAT64 = block("64:ff9b::/96");
    private static final int ISATAP_LOW = 0x5efe;

    private record Special(IpBlock block, AddressClass kind) {}

    private static Stream<Special> specials(AddressClass kind, String... blocks) {
        return Arrays.stream(blocks).map(text -> new Special(block(text), kind));
    }

    private static IpBlock block(String text) {
        return IpBlock.parse(text).orElseThrow();
    }

    public static AddressClass of(IpAddress address) {
        return of(IpBlock.of(address.unmapped())).orElse(PUBLIC);
    }

    /// What no address of a block is other than; empty where at least one of them may be public.
    public static Optional<AddressClass> of(IpBlock block) {
        if (NAT64.contains(block)) {
            return of(IpBlock.around(block.base().last32(), block.prefix() - NAT64.prefix()));
        }
        for (var special : SPECIAL) {
            if (special.block.contains(block)) {
                return Optional.of(special.kind);
            }
        }
        return isIsatap(block) ? Optional.of(ISATAP) : Optional.empty();
    }

    /// The IPv4 address that this one leads to, where it is another: through NAT64, or mapped.
    public static Optional<IpAddress> embedded(IpAddress address) {
        boolean carries = NAT64.contains(address) || !address.unmapped().equals(address);
        return carries ? Optional.of(address.last32()) : Optional.empty();
    }

    /// @spec https://www.rfc-editor.org/info/rfc5214 RFC 5214 §6.1
    private static boolean isIsatap(IpBlock block) {
        var address = block.base();
        return !address.isV4()
                && block.prefix() >= 96
                && (address.at(8) & ~0x02) == 0
                && address.at(9) == 0
                && (address.at(10) << 8 | address.at(11)) == ISATAP_LOW;
    }

    public boolean isPublic() {
        return this == PUBLIC;
    }

    /// As it is written in records: `link_local`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
