package io.sallyport.control.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LinksTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Port PORT = new Port(3000);

    private final SandboxId sandbox = SandboxId.random();
    private final Links links = new Links(new byte[32]);

    @Test
    void aLinkOpensItsSandboxAndPortUntilItEnds() {
        var id = Links.newId();
        var token = links.sign(id, sandbox, PORT, LATER);
        assertEquals(
                new Links.Read(id, LATER), links.read(token, sandbox, PORT, NOW).orElseThrow());
        assertTrue(links.read(token, sandbox, PORT, LATER).isEmpty());
        assertTrue(links.read(token, sandbox, new Port(3001), NOW).isEmpty());
        assertTrue(links.read(token, SandboxId.random(), PORT, NOW).isEmpty());
        assertTrue(new Links(new byte[] {1}).read(token, sandbox, PORT, NOW).isEmpty());
    }

    @Test
    void noCharacterOfATokenCanBeChanged() {
        var token = links.sign(Links.newId(), sandbox, PORT, LATER);
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == '7' ? '8' : '7';
            var changed = token.substring(0, i) + other + token.substring(i + 1);
            assertFalse(links.read(changed, sandbox, PORT, NOW).isPresent(), changed);
        }
        assertTrue(links.read(token + "=", sandbox, PORT, NOW).isEmpty());
        assertTrue(links.read("", sandbox, PORT, NOW).isEmpty());
    }
}
