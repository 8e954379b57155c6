package io.sallyport.wire.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationTest {
    @ParameterizedTest
    @CsvFileSource(resources = "spellings.csv")
    void takesASpellingForWhatItIsOrRefusesIt(String host, String expected) {
        var seen = Destination.parseAuthority(host + ":443").map(DestinationTest::kind);
        assertEquals(expected, seen.orElse("refused"));
    }

    private static String kind(Destination destination) {
        return switch (destination.host()) {
            case HostName _ -> "name";
            case IpAddress address -> AddressClass.of(address).id();
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.com",
                "a.com:",
                "a.com:0",
                "a.com:65536",
                "a.com:+443",
                "a.com:0443",
                "a.com:4_4_3",
                "a.com:-1",
                "a.com:99999999999",
                "a.com:443 ",
                " a.com:443",
                "a.com: 443",
                "a.com:443/",
                "a.com:443/x",
                "a.com:443?x",
                "a.com:443#x",
                "https://a.com/",
                "https://a.com:443",
                "//a.com:443",
                "user@a.com:443",
                "a.com:b:443",
                "a.com:４４３",
                ":443",
                "",
                "a.com:443\r\nHost: b",
                "a.com\0:443",
                "a.com:1e3",
                "a.com:0x1bb"
            })
    void refusesWhatIsNoHostAndPort(String text) {
        assertEquals(Optional.empty(), Destination.parseAuthority(text));
    }

    @ParameterizedTest
    @CsvSource({
        "A.CoM.:443, a.com:443",
        "a.com:1, a.com:1",
        "a.com:65535, a.com:65535",
        "[2001:DB8:0:0::1]:80, [2001:db8::1]:80",
        "[::ffff:1.2.3.4]:80, 1.2.3.4:80",
        "1.2.3.4:22, 1.2.3.4:22"
    })
    void hasOneSpelling(String text, String expected) {
        var destination = Destination.parseAuthority(text).orElseThrow();
        assertEquals(expected, destination.text());
        assertEquals(destination, Destination.parseAuthority(expected).orElseThrow());
    }

    @Test
    void takesNamesAndLabelsUpToTheirLimits() {
        var label = "a".repeat(63);
        var name = label + "." + label + "." + label + "." + "a".repeat(61);
        assertEquals(253, name.length());
        assertTrue(Destination.parseAuthority(name + ":65535").isPresent());
        assertTrue(Destination.parseAuthority(name + ".:65535").isPresent());
        assertEquals(Optional.empty(), Destination.parseAuthority(name + "a:443"));
        assertEquals(Optional.empty(), Destination.parseAuthority("a" + label + ".com:443"));
        assertEquals(Optional.empty(), Destination.parseAuthority("a.".repeat(1 << 20) + ":443"));
    }

    @Test
    void hasNoPortThatIsNone() {
        var host = HostName.parse("a.com").orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> new Destination(host, 0));
        assertThrows(IllegalArgumentException.class, () -> new Destination(host, 65_536));
    }

    @Test
    void aNameIsMadeOnlyInItsOneSpelling() {
        assertThrows(IllegalArgumentException.class, () -> new HostName("A.com"));
        assertThrows(IllegalArgumentException.class, () -> new HostName("a.com."));
        assertThrows(IllegalArgumentException.class, () -> new HostName("1.2.3.4"));
    }

    @ParameterizedTest
    @CsvSource({
        "a.com, a.com:80",
        "a.com:8080, a.com:8080",
        "127.0.0.1, 127.0.0.1:80",
        "[::1], [::1]:80",
        "[::1]:8080, [::1]:8080",
        "::1, refused",
        "a.com:, refused",
        "'', refused",
        "'[::1', refused",
        "'::1]', refused"
    })
    void aPortMayBeMissingWhereThatIsSaid(String authority, String expected) {
        var seen = Destination.parseAuthority(authority, 80).map(Destination::text);
        assertEquals(expected, seen.orElse("refused"));
    }
}
