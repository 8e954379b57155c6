package io.sallyport.wire.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressClassTest {
    @ParameterizedTest
    @CsvFileSource(resources = "ranges.csv")
    void knowsARangeFromItsFirstToItsLastAddress(
            String first, String last, String kind, @Nullable String before, @Nullable String after) {
        assertEquals(kind, idOf(address(first)));
        assertEquals(kind, idOf(address(last)));
        assertFalse(AddressClass.of(address(first)).isPublic());
        if (before != null) {
            assertEquals(before, idOf(neighbour(address(first), -1)));
        }
        if (after != null) {
            assertEquals(after, idOf(neighbour(address(last), 1)));
        }
    }

    /// What is in an IPv4 range is in it as well where NAT64 or IPv4-mapping leads there.
    @ParameterizedTest
    @CsvFileSource(resources = "ranges.csv")
    void judgesAnEmbeddedAddressAsThatAddress(
            String first, String last, String kind, @Nullable String before, @Nullable String after) {
        if (address(first).isV4()) {
            for (var prefix : new String[] {"::ffff:", "64:ff9b::"}) {
                assertEquals(kind, idOf(address(prefix + first)));
                assertEquals(kind, idOf(address(prefix + last)));
                assertEquals(before == null ? kind : before, idOf(address(prefix + near(first, before, -1))));
                assertEquals(after == null ? kind : after, idOf(address(prefix + near(last, after, 1))));
            }
        }
    }

    private static String near(String text, @Nullable String kind, int step) {
        return kind == null ? text : neighbour(address(text), step).text();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, private",
        "10.1.0.0/16, private",
        "10.0.0.0/7, ''",
        "169.254.0.0/16, link_local",
        "0.0.0.0/0, ''",
        "::/0, ''",
        "8.8.8.0/24, ''",
        "fd00::/8, unique_local",
        "64:ff9b::10.0.0.0/104, private",
        "64:ff9b::8.8.8.0/120, ''",
        "::ffff:10.0.0.0/104, private"
    })
    void aBlockIsSpecialWhenAllOfItIs(String block, String expected) {
        var kind = AddressClass.of(IpBlock.parse(block).orElseThrow());
        assertEquals(expected, kind.map(AddressClass::id).orElse(""));
    }

    @Test
    void saysWhichAddressIsEmbedded() {
        assertEquals(Optional.of(address("8.8.8.8")), AddressClass.embedded(address("64:ff9b::8.8.8.8")));
        assertEquals(Optional.of(address("8.8.8.8")), AddressClass.embedded(address("::ffff:8.8.8.8")));
        assertEquals(Optional.empty(), AddressClass.embedded(address("8.8.8.8")));
        assertEquals(Optional.empty(), AddressClass.embedded(address("2606:4700::808:808")));
    }

    private static String idOf(IpAddress address) {
        return AddressClass.of(address).id();
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static IpAddress neighbour(IpAddress address, int step) {
        var bytes =
                new BigInteger(1, address.bytes()).add(BigInteger.valueOf(step)).toByteArray();
        int length = address.bits() / 8;
        var padded = new byte[length];
        int kept = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - kept, padded, length - kept, kept);
        return IpAddress.of(Arrays.copyOf(padded, length));
    }
}
