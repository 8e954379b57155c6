package io.sallyport.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.relay.RecentFailures.Kind;
import org.junit.jupiter.api.Test;

final class RecentFailuresTest {
    @Test
    void keepsTheLastOnes() {
        var failures = new RecentFailures();
        for (int i = 0; i < 40; i++) {
            failures.add(Kind.CONNECT_REJECTED, "h" + i, "");
        }
        assertEquals(RecentFailures.KEPT, failures.list().size());
        assertEquals("h8", failures.list().getFirst().host());
        assertEquals("h39", failures.list().getLast().host());
    }

    @Test
    void nothingInThemDoesAnything() {
        var failures = new RecentFailures();
        failures.add(Kind.TUNNEL_BROKEN, "a\r\nb\u001b[31m", "x".repeat(1_000) + "\u202e");
        assertEquals("a??b?[31m", failures.list().getFirst().host());
        assertEquals(256, failures.list().getFirst().detail().length());
    }
}
