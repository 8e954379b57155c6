package io.sallyport.wire.address;

import java.util.Optional;

/// A block of addresses, `10.0.0.0/8`. Immutable.
///
/// @param base its first address
/// @param prefix how many leading bits all its addresses share
/// @spec https://www.rfc-editor.org/info/rfc4632 RFC 4632 §3.1
public record IpBlock(IpAddress base, int prefix) {
    private static final int MAPPED_BITS = 96;

    /// Takes no other address of the block; see [#around].
    ///
    /// @throws IllegalArgumentException where bits behind the prefix are set, or the prefix is too long
    public IpBlock {
        if (prefix < 0 || prefix > base.bits() || !masked(base, prefix).equals(base)) {
            throw new IllegalArgumentException("no block: " + base.text() + "/" + prefix);
        }
    }

    /// The block of that size in which an address lies.
    public static IpBlock around(IpAddress address, int prefix) {
        return new IpBlock(masked(address, prefix), prefix);
    }

    /// The block of one address.
    public static IpBlock of(IpAddress address) {
        return new IpBlock(address, address.bits());
    }

    /// Reads `address/prefix`, in which no bit behind the prefix is set. IPv4-mapped blocks are those of IPv4.
    public static Optional<IpBlock> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        int prefix = prefix(text.substring(slash + 1));
        return IpAddress.parse(text.substring(0, slash))
                .filter(base -> prefix >= 0 && prefix <= base.bits())
                .filter(base -> masked(base, prefix).equals(base))
                .map(base -> unmapped(base, prefix));
    }

    private static int prefix(String digits) {
        boolean canonical = switch (digits.length()) {
            case 1 -> true;
            case 2, 3 -> digits.charAt(0) != '0';
            default -> false;
        };
        return canonical && digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
    }

    private static IpBlock unmapped(IpAddress base, int prefix) {
        var address = base.unmapped();
        boolean mapped = !base.isV4() && address.isV4() && prefix >= MAPPED_BITS;
        return mapped ? new IpBlock(address, prefix - MAPPED_BITS) : new IpBlock(base, prefix);
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        var bytes = address.bytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= (byte) mask(prefix, i);
        }
        return IpAddress.of(bytes);
    }

    /// Which bits of a byte belong to the prefix.
    private static int mask(int prefix, int index) {
        return 0xff00 >> Math.clamp(prefix - 8L * index, 0, 8) & 0xff;
    }

    /// Whether the address is one of its own. An address of the other family never is; see [IpAddress#unmapped].
    public boolean contains(IpAddress address) {
        if (address.isV4() != base.isV4()) {
            return false;
        }
        for (int i = 0; 8 * i < prefix; i++) {
            if (((address.at(i) ^ base.at(i)) & mask(prefix, i)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether all addresses of the other block are its own.
    public boolean contains(IpBlock other) {
        return other.prefix >= prefix && contains(other.base);
    }

    public String text() {
        return base.text() + "/" + prefix;
    }

    @Override
    public String toString() {
        return text();
    }
}
