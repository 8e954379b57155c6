package io.sallyport.kit;

import java.net.InetAddress;
import java.util.Optional;

/// A block of IP addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// @spec https://www.rfc-editor.org/info/rfc4632 RFC 4632
public record AddressBlock(InetAddress network, int prefixBits) {
    /// The block that `text` spells; empty when it spells none, or bits are set behind the prefix.
    public static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        var address = slash < 0 ? text : text.substring(0, slash);
        try {
            var network = InetAddress.ofLiteral(address);
            int bits = 8 * network.getAddress().length;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            var block = new AddressBlock(network, prefix);
            return prefix >= 0 && prefix <= bits && block.isCanonical() ? Optional.of(block) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            if (bit(ours, bit) != bit(theirs, bit)) {
                return false;
            }
        }
        return true;
    }

    private boolean isCanonical() {
        byte[] bytes = network.getAddress();
        for (int bit = prefixBits; bit < 8 * bytes.length; bit++) {
            if (bit(bytes, bit) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index >> 3] >> (7 - (index & 7)) & 1;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixBits;
    }
}
