package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.intercept.PermittedHosts.Listed;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PermittedHostsTest {
    @Test
    void setsThatPermitTheSameAreEqual() {
        var one = PermittedHosts.of(names("b.test", "a.test", "x.a.test", "y.x.a.test", "a.test"), List.of());
        assertEquals(PermittedHosts.of(names("a.test", "b.test"), List.of()), one);
        assertEquals(new Listed(names("a.test", "b.test"), List.of()), one);
        assertEquals(
                PermittedHosts.of(names("a.test"), addresses("192.0.2.2", "192.0.2.1")),
                PermittedHosts.of(names("a.test"), addresses("192.0.2.1", "192.0.2.2", "192.0.2.1")));
    }

    @Test
    void aNameThatOnlyEndsAlikeIsAnother() {
        var hosts = PermittedHosts.of(names("a.test", "ba.test"), List.of());
        assertEquals(new Listed(names("a.test", "ba.test"), List.of()), hosts);
        assertTrue(hosts.permits(new HostName("b.a.test")));
        assertFalse(hosts.permits(new HostName("ca.test")));
    }

    @Test
    void thereIsAlwaysAName() {
        assertThrows(IllegalArgumentException.class, () -> PermittedHosts.of(List.of(), addresses("192.0.2.1")));
    }

    @Test
    void whatIsTooMuchForOneCertificateIsDivided() {
        int many = 3 * Listed.ENTRIES_MAX + 1;
        var names = IntStream.range(0, many)
                .mapToObj(i -> new HostName("h" + i + ".test"))
                .toList();
        var addresses = IntStream.range(0, many)
                .mapToObj(
                        i -> IpAddress.parse("192.0." + i / 200 + "." + i % 200).orElseThrow())
                .toList();
        var shuffled = new java.util.ArrayList<>(names);
        Collections.reverse(shuffled);
        var hosts = PermittedHosts.of(shuffled, addresses);
        var parts = new HashSet<PermittedHosts>();
        for (var name : names) {
            var part = (Listed) hosts.around(new HostName("x." + name.text()));
            assertTrue(part.permits(name), name.text());
            assertTrue(part.names().size() <= Listed.ENTRIES_MAX
                    && part.addresses().size() <= Listed.ENTRIES_MAX);
            parts.add(part);
        }
        assertEquals(4, parts.size());
        for (var address : addresses) {
            assertTrue(hosts.around(address).permits(address), address.text());
        }
        assertFalse(hosts.around(new HostName("other.test")).permits(new HostName("other.test")));
    }

    @Test
    void whatIsNotTooMuchStaysWhole() {
        var few = PermittedHosts.of(names("a.test"), addresses("192.0.2.1"));
        assertSame(few, few.around(new HostName("a.test")));
        assertSame(PermittedHosts.ANY, PermittedHosts.ANY.around(new HostName("a.test")));
    }

    private static List<HostName> names(String... names) {
        return Arrays.stream(names).map(HostName::new).toList();
    }

    private static List<IpAddress> addresses(String... addresses) {
        return Arrays.stream(addresses)
                .map(text -> IpAddress.parse(text).orElseThrow())
                .toList();
    }
}
