package io.sallyport.wire.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {
    /// The examples of RFC 5952 §4, and others.
    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1::, 1::",
        "1:2:3:4:5:6::, 1:2:3:4:5:6::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:c0a8:1, ::ffff:192.168.0.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255"
    })
    void hasOneSpelling(String text, String expected) {
        assertEquals(expected, IpAddress.parse(text).orElseThrow().text());
    }

    @Test
    void isWhatTheJdkConnectsTo() throws Exception {
        for (var text : new String[] {"1.2.3.4", "2001:db8::1"}) {
            var address = IpAddress.parse(text).orElseThrow();
            assertEquals(InetAddress.getByName(text), address.inetAddress());
            assertEquals(address, IpAddress.of(address.inetAddress()));
            assertArrayEquals(address.bytes(), address.inetAddress().getAddress());
        }
    }

    @Test
    void isMappedAndUnmapped() {
        var mapped = IpAddress.parse("::ffff:1.2.3.4").orElseThrow();
        assertFalse(mapped.isV4());
        assertEquals("1.2.3.4", mapped.unmapped().text());
        var compatible = IpAddress.parse("::1.2.3.4").orElseThrow();
        assertEquals(compatible, compatible.unmapped());
    }

    @Test
    void hasFourOrSixteenBytesOfItsOwn() {
        assertThrows(IllegalArgumentException.class, () -> IpAddress.of(new byte[5]));
        var bytes = new byte[] {1, 2, 3, 4};
        var address = IpAddress.of(bytes);
        bytes[0] = 9;
        address.bytes()[1] = 9;
        assertEquals("1.2.3.4", address.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10/8",
                "::/129",
                "::1/127",
                "/8",
                "a.com/8",
                "[::]/0",
                "10.0.0.0/-1",
                "10.0.0.0/٨",
                "::ffff:10.0.0.1/104",
                " 10.0.0.0/8",
                "10.0.0.0/1000"
            })
    void refusesWhatIsNoBlock(String text) {
        assertEquals(Optional.empty(), IpBlock.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, false",
        "::ffff:10.0.0.0/104, 10.0.0.1, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::, false",
        "::/0, ffff::, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7/32, 192.0.2.6, false",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false"
    })
    void aBlockHasTheAddressesWithItsPrefix(String block, String address, boolean contained) {
        var parsed = IpBlock.parse(block).orElseThrow();
        assertEquals(contained, parsed.contains(IpAddress.parse(address).orElseThrow()));
        assertEquals(parsed, IpBlock.parse(parsed.text()).orElseThrow());
    }

    @Test
    void aBlockLiesInALargerOne() {
        var large = IpBlock.parse("10.0.0.0/8").orElseThrow();
        var small = IpBlock.parse("10.1.0.0/16").orElseThrow();
        assertTrue(large.contains(small));
        assertTrue(large.contains(large));
        assertFalse(small.contains(large));
        assertEquals(small, IpBlock.around(IpAddress.parse("10.1.2.3").orElseThrow(), 16));
        assertThrows(IllegalArgumentException.class, () -> new IpBlock(small.base(), 8));
        assertThrows(IllegalArgumentException.class, () -> new IpBlock(small.base(), 33));
    }
}
