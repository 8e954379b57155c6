package io.sallyport.relay.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.testing.Said;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AnswerTest {
    private static final long SEED = 20_261_127;
    private static final int FUZZED = 100_000;
    private static final String HEAD =
            "HTTP/1.1 403 Forbidden\r\nsallyport-egress-reason: host_denied\r\nContent-Length: 2\r\n\r\n";

    private static Answer read(String said, int readMax) throws IOException {
        return Answer.read(new Said(said.getBytes(StandardCharsets.ISO_8859_1), readMax));
    }

    @Test
    void readsItHoweverItIsCut() throws IOException {
        for (int readMax = 1; readMax <= HEAD.length() + 2; readMax++) {
            var answer = read(HEAD + "{}", readMax);
            assertEquals(403, answer.status());
            assertEquals("host_denied", answer.reason());
            assertEquals(HEAD.length(), answer.headEnd());
            assertTrue(answer.refused());
            assertFalse(answer.connected());
        }
    }

    @Test
    void nothingIsNoAnswer() {
        assertThrows(EOFException.class, () -> read("", 1));
    }

    @Test
    void whatIsNoHttpIsNeitherYesNorNo() throws IOException {
        for (var said : new String[] {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1"}) {
            var answer = read(said, 100);
            assertFalse(answer.connected());
            assertFalse(answer.refused());
        }
    }

    @Test
    void aHeadThatDoesNotEndIsNotReadForEver() throws IOException {
        var answer = read("HTTP/1.1 200 OK\r\nX: " + "a".repeat(100_000), 1_000);
        assertTrue(answer.bytes().length < 20_000);
        assertFalse(answer.connected());
    }

    @Test
    void whateverComesIsKeptAsItCame() throws IOException {
        var random = new Random(SEED);
        for (int i = 0; i < FUZZED; i++) {
            var bytes = (HEAD + "{}").getBytes(StandardCharsets.ISO_8859_1);
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var answer = Answer.read(new Said(bytes, 1 + random.nextInt(100)));
            assertArrayEquals(Arrays.copyOf(bytes, answer.bytes().length), answer.bytes());
            assertTrue(answer.headEnd() <= answer.bytes().length);
        }
    }
}
