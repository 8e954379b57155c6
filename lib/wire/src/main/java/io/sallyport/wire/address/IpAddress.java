package io.sallyport.wire.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An IPv4 or IPv6 address without a zone. Immutable.
public final class IpAddress implements Host {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int GROUPS = 8;
    private static final int TEXT_MAX = 45;

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Copies an address.
    ///
    /// @param bytes 4 or 16 of them, in network order
    public static IpAddress of(byte[] bytes) {
        if (bytes.length != V4_BYTES && bytes.length != V6_BYTES) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes");
        }
        return new IpAddress(bytes.clone());
    }

    /// The zone of a link-local address is dropped.
    public static IpAddress of(InetAddress address) {
        return new IpAddress(address.getAddress());
    }

    /// Reads a dotted quad of decimals without leading zeros, or IPv6 as RFC 4291 §2.2 has it; no brackets, no zone.
    public static Optional<IpAddress> parse(String text) {
        if (text.length() > TEXT_MAX) {
            return Optional.empty();
        }
        var bytes = text.indexOf(':') < 0 ? quad(text) : v6(text);
        return bytes == null ? Optional.empty() : Optional.of(new IpAddress(bytes));
    }

    private static byte @Nullable [] quad(String text) {
        var bytes = new byte[V4_BYTES];
        int at = 0;
        for (int i = 0; i < V4_BYTES; i++) {
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
                value = 10 * value + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            boolean ends = i == V4_BYTES - 1 ? at == text.length() : at < text.length() && text.charAt(at++) == '.';
            if (start == at || value > 255 || leadingZero || !ends || !isDigit(text.charAt(start))) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        var bytes = new byte[V6_BYTES];
        if (gap < 0) {
            return groups(text, true, bytes) == V6_BYTES ? bytes : null;
        }
        var tail = new byte[V6_BYTES];
        int before = groups(text.substring(0, gap), false, bytes);
        int after = groups(text.substring(gap + 2), true, tail);
        if (before < 0 || after < 0 || before + after > V6_BYTES - 2) {
            return null;
        }
        System.arraycopy(tail, 0, bytes, V6_BYTES - after, after);
        return bytes;
    }

    /// Reads groups between single colons into `into`.
    ///
    /// @param last whether the text ends the address, so that a dotted quad may end it
    /// @return how many bytes they are; -1 where they are none
    private static int groups(String text, boolean last, byte[] into) {
        if (text.isEmpty()) {
            return 0;
        }
        int length = 0;
        var groups = text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            var group = groups[i];
            if (last && i == groups.length - 1 && group.indexOf('.') >= 0) {
                var quad = quad(group);
                if (quad == null || length + V4_BYTES > V6_BYTES) {
                    return -1;
                }
                System.arraycopy(quad, 0, into, length, V4_BYTES);
                return length + V4_BYTES;
            }
            if (group.isEmpty() || group.length() > 4 || length == V6_BYTES || !isHex(group)) {
                return -1;
            }
            int value = HexFormat.fromHexDigits(group);
            into[length++] = (byte) (value >> 8);
            into[length++] = (byte) value;
        }
        return length;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(HexFormat::isHexDigit);
    }

    public boolean isV4() {
        return bytes.length == V4_BYTES;
    }

    /// 4 or 16 bytes, in network order.
    public byte[] bytes() {
        return bytes.clone();
    }

    int at(int index) {
        return bytes[index] & 0xff;
    }

    /// 32 or 128.
    public int bits() {
        return 8 * bytes.length;
    }

    /// The IPv4 address where this is `::ffff:0:0/96`, else this: sockets take both for the same.
    public IpAddress unmapped() {
        boolean mapped = !isV4() && zero(0, 10) && at(10) == 0xff && at(11) == 0xff;
        return mapped ? last32() : this;
    }

    /// The IPv4 address that the last four bytes are.
    IpAddress last32() {
        return new IpAddress(Arrays.copyOfRange(bytes, bytes.length - V4_BYTES, bytes.length));
    }

    private boolean zero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    public InetAddress inetAddress() {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes what RFC 5952 recommends.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc5952 RFC 5952 §4 and §5
    @Override
    public String text() {
        if (isV4()) {
            return at(0) + "." + at(1) + "." + at(2) + "." + at(3);
        }
        var unmapped = unmapped();
        return unmapped.isV4() ? "::ffff:" + unmapped.text() : v6Text();
    }

    private String v6Text() {
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && zero(2 * end, 2 * end + 2)) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
        }
        var text = new StringBuilder(TEXT_MAX);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(at(2 * i) << 8 | at(2 * i + 1)));
        }
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
