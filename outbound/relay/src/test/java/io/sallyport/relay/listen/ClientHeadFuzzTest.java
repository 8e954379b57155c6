package io.sallyport.relay.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.listen.ClientHead.Asked;
import io.sallyport.relay.testing.Said;
import io.sallyport.wire.address.Destination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ClientHeadFuzzTest {
    private static final long SEED = 20_261_127;
    private static final int FUZZED = 100_000;
    private static final List<String> SEEDS = List.of(
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nUser-Agent: x\r\n\r\nrest",
            "CONNECT [2001:db8::1]:22 HTTP/1.0\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
            "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n");

    @Test
    void whateverComesIsUnderstoodOrRefused() throws IOException {
        var random = new Random(SEED);
        for (int i = 0; i < FUZZED; i++) {
            var bytes = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.ISO_8859_1);
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                        ? (byte) random.nextInt()
                        : (byte) "\r\n :/@%.[]#\0\t".charAt(random.nextInt(13));
            }
            var asked = ClientHead.read(new Said(bytes, 1 + random.nextInt(40)));
            switch (asked) {
                case Asked.Connect(var to, var trace, var rest) -> {
                    var text = new String(bytes, StandardCharsets.ISO_8859_1);
                    var target = text.substring("CONNECT ".length(), text.indexOf(" HTTP/"));
                    assertEquals(Optional.of(to), Destination.parseAuthority(target));
                    assertTrue(text.startsWith("CONNECT "), text);
                }
                case Asked.Wrong wrong ->
                    assertTrue(wrong.refusal().code() == 400 || wrong.refusal().code() == 405);
                case Asked.Plain plain -> assertTrue(plain.bytes().length > 0);
                case Asked.Own own -> assertTrue(own.target().startsWith("/"));
                case Asked.Gone gone -> {}
            }
        }
    }

    @Test
    void howItIsCutIntoReadsChangesNothing() throws IOException {
        for (var seed : SEEDS) {
            var bytes = seed.getBytes(StandardCharsets.ISO_8859_1);
            var whole = ClientHead.read(new Said(bytes, bytes.length));
            for (int readMax = 1; readMax < bytes.length; readMax++) {
                assertEquals(
                        whole.getClass(),
                        ClientHead.read(new Said(bytes, readMax)).getClass());
            }
        }
    }
}
