package io.sallyport.relay.transparent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.net.Loopback;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class NameTableTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // the clock may go over its end
    private final NameTable names = new NameTable(now::get);

    @Test
    void aNameKeepsItsAddressAndIsFoundByIt() {
        var address = names.addressOf("a.example");
        assertEquals(address, names.addressOf("a.example"));
        assertNotEquals(address, names.addressOf("b.example"));
        assertEquals(Optional.of("a.example"), names.nameOf(address));
        assertTrue(NameTable.isSynthetic(address));
    }

    @Test
    void anUnusedNameIsForgottenAfterAnHourAndAUsedOneIsNot() {
        var unused = names.addressOf("unused.example");
        var used = names.addressOf("used.example");
        now.addAndGet(Duration.ofMinutes(59).toNanos());
        assertEquals(Optional.of("used.example"), names.nameOf(used));
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertEquals(Optional.empty(), names.nameOf(unused));
        assertEquals(used, names.addressOf("used.example"));
        assertNotEquals(unused, names.addressOf("unused.example"));
    }

    @Test
    void holdsSoManyNamesAndForgetsTheOneUsedLongestAgo() {
        var first = names.addressOf("first.example");
        var second = names.addressOf("second.example");
        for (int i = 0; i < NameTable.NAMES_MAX - 2; i++) {
            names.addressOf("n" + i + ".example");
        }
        names.nameOf(first);
        names.addressOf("one.more.example");
        assertEquals(NameTable.NAMES_MAX, names.size());
        assertEquals(Optional.of("first.example"), names.nameOf(first));
        assertEquals(Optional.empty(), names.nameOf(second));
    }

    @Test
    void aFloodOfNamesNeverMakesAnOldAddressMeanAnotherNameSoon() {
        var old = names.addressOf("old.example");
        var seen = new HashSet<InetAddress>();
        for (int i = 0; i < 100_000; i++) {
            assertTrue(seen.add(names.addressOf("n" + i + ".example")));
        }
        assertFalse(seen.contains(old));
        assertEquals(Optional.empty(), names.nameOf(old));
        assertEquals(NameTable.NAMES_MAX, names.size());
    }

    @Test
    void goesRoundTheBlockAndStaysInIt() {
        for (int i = 0; i < 140_000; i++) {
            assertTrue(NameTable.isSynthetic(names.addressOf("n" + i + ".example")));
        }
    }

    @Test
    void knowsTheBlocksEnds() throws Exception {
        assertTrue(NameTable.isSynthetic(InetAddress.getByName("198.18.0.0")));
        assertTrue(NameTable.isSynthetic(InetAddress.getByName("198.19.255.255")));
        assertFalse(NameTable.isSynthetic(InetAddress.getByName("198.17.255.255")));
        assertFalse(NameTable.isSynthetic(InetAddress.getByName("198.20.0.0")));
        assertFalse(NameTable.isSynthetic(Loopback.v6(0).getAddress()));
        assertEquals(Optional.empty(), names.nameOf(InetAddress.getByName("198.18.0.9")));
    }
}
