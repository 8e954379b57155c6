package io.sallyport.wire.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.testing.MemoryConnection;
import io.sallyport.wire.websocket.WebSocket.Side;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Attack 79 of reference/egress.md §4.6: frames as a peer may write them, byte by byte.
final class WebSocketTest {
    private static final long SEED = 20_261_127;
    private static final int FUZZED = 200_000;
    private static final int MESSAGE_BYTES_MAX = 1000;
    private static final int PINGS = 10_000;

    /// Without a mask, or with one of zeros, which changes nothing.
    private static final String MASK = "00000000";

    private static WebSocket server(MemoryConnection connection) {
        return new WebSocket(connection, Side.SERVER, MESSAGE_BYTES_MAX);
    }

    private static MemoryConnection said(String hex) {
        return said(HexFormat.of().parseHex(hex.replace(" ", "").replace("m", MASK)));
    }

    private static MemoryConnection said(byte[] bytes) {
        return new MemoryConnection(bytes, bytes.length, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({
        "no mask, 81 05 68656c6c6f, 1002",
        "the first reserved bit, c1 80 m, 1002",
        "the second, a1 80 m, 1002",
        "the third, 91 80 m, 1002",
        "opcode 3, 83 80 m, 1002",
        "opcode 7, 87 80 m, 1002",
        "opcode 11, 8b 80 m, 1002",
        "opcode 15, 8f 80 m, 1002",
        "a ping in parts, 09 80 m, 1002",
        "a goodbye in parts, 08 80 m, 1002",
        "a ping of 126 bytes, 89 fe 007e m, 1002",
        "a goodbye of 64 KiB, 88 ff 0000000000010000 m, 1002",
        "125 in 16 bits, 82 fe 007d m, 1002",
        "0 in 16 bits, 82 fe 0000 m, 1002",
        "65535 in 64 bits, 82 ff 000000000000ffff m, 1002",
        "1 in 64 bits, 82 ff 0000000000000001 m, 1002",
        "two to the 63rd, 82 ff 8000000000000000 m, 1002",
        "minus one, 82 ff ffffffffffffffff m, 1002",
        "a byte less than two to the 63rd, 82 ff 7fffffffffffffff m, 1009",
        "2 GiB, 82 ff 0000000080000000 m, 1009",
        "a byte too many, 82 fe 03e9 m, 1009",
        "a continuation of nothing, 80 80 m, 1002",
        "a message in a message, 01 81 m 41 82 81 m 42, 1002",
        "a continuation behind the end, 82 81 m 41 80 81 m 42, 1002",
        "half a code, 88 81 m 03, 1002",
        "code 0, 88 82 m 0000, 1002",
        "code 999, 88 82 m 03e7, 1002",
        "code 5000, 88 82 m 1388, 1002",
        "a text that is not UTF-8, 81 81 m ff, 1007",
        "a text with half a letter, 81 81 m c3, 1007",
        "a surrogate, 81 83 m eda080, 1007",
        "a reason that is not UTF-8, 88 83 m 03e8 ff, 1007",
    })
    void saysWhatIsWrongAndReadsNoFurther(String what, String hex, int code) throws IOException {
        var connection = said(hex);
        var server = server(connection);
        if (what.equals("a continuation behind the end")) {
            assertInstanceOf(Message.Binary.class, server.receive());
        }
        var broken = assertThrows(WebSocketException.class, server::receive, what);
        assertEquals(code, broken.code(), what);
        var goodbye = connection.written();
        assertEquals(0x88, goodbye[0] & 0xff, what);
        assertEquals(goodbye.length - 2, goodbye[1], "whole, short, and without a mask");
        assertEquals(code, ByteBuffer.wrap(goodbye).getShort(2), what);
    }

    @Test
    void aServerMasksNothing() {
        var client = new WebSocket(said("82 81 m 41"), Side.CLIENT, MESSAGE_BYTES_MAX);
        assertEquals(
                WebSocket.PROTOCOL_ERROR,
                assertThrows(WebSocketException.class, client::receive).code());
    }

    @Test
    void partsAreTooLongTogether() {
        var part = "fe 0258 m" + "41".repeat(600);
        var connection = said("02" + part + "80" + part);
        assertEquals(
                WebSocket.TOO_BIG,
                assertThrows(WebSocketException.class, server(connection)::receive)
                        .code());
    }

    @Test
    void partsMakeOneMessageHoweverTheyAreReadAndWhateverIsBetween() throws IOException {
        var bytes = HexFormat.of()
                .parseHex("0182" + MASK + "6865" + "8981" + MASK + "21" + "0080" + MASK + "8083" + MASK + "6c6c6f");
        for (int readMax = 1; readMax <= bytes.length; readMax++) {
            var connection = new MemoryConnection(bytes, bytes.length, readMax);
            var server = server(connection);
            assertEquals(new Message.Text("hello"), server.receive());
            assertArrayEquals(HexFormat.of().parseHex("8a0121"), connection.written(), "the ping was answered");
            assertThrows(EOFException.class, server::receive);
        }
    }

    @Test
    void whatIsCutIsNoMessage() {
        var bytes = HexFormat.of().parseHex("02fe0080" + MASK + "41".repeat(128) + "8081" + MASK + "42");
        for (int length = 0; length < bytes.length; length++) {
            var cut = new MemoryConnection(bytes, length, bytes.length);
            assertThrows(EOFException.class, server(cut)::receive, "of " + length + " bytes");
        }
    }

    @Test
    void everyPingIsAnsweredAndNoneIsKept() throws IOException {
        var connection = said("8980 m ".repeat(PINGS) + "8281 m 41");
        assertArrayEquals(
                new byte[] {'A'},
                assertInstanceOf(Message.Binary.class, server(connection).receive())
                        .bytes());
        assertEquals(2 * PINGS, connection.written().length);
    }

    @Test
    void aGoodbyeMayGiveNoCode() throws IOException {
        assertEquals(
                new Message.Close(WebSocket.NO_CODE, ""), server(said("8880 m")).receive());
        assertEquals(
                new Message.Close(4999, "a"), server(said("8883 m 1387 61")).receive());
    }

    @Test
    void understandsWhatItWrites() throws IOException {
        var random = new Random(SEED);
        for (int length : new int[] {0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001}) {
            var sent = new byte[length];
            random.nextBytes(sent);
            for (var side : Side.values()) {
                var connection = said(new byte[0]);
                new WebSocket(connection, side, 0).sendBinary(sent, 0, length);
                var other = side == Side.CLIENT ? Side.SERVER : Side.CLIENT;
                var back = new WebSocket(said(connection.written()), other, length).receive();
                assertArrayEquals(
                        sent, assertInstanceOf(Message.Binary.class, back).bytes());
            }
        }
    }

    @Test
    void aPongBetweenPartsOfAMessageIsNoEndOfIt() throws IOException {
        var bytes = HexFormat.of()
                .parseHex("0182" + MASK + "6865" + "8a80" + MASK + "8083" + MASK + "6c6c6f" + "8182" + MASK + "6f6b");
        var server = server(new MemoryConnection(bytes, bytes.length, bytes.length));
        assertInstanceOf(Message.Pong.class, server.receive());
        var first = assertInstanceOf(Message.Text.class, server.receive());
        var second = assertInstanceOf(Message.Text.class, server.receive());
        assertEquals(5, first.text().length());
        assertEquals(2, second.text().length());
    }

    @ParameterizedTest
    @ValueSource(ints = {1004, 1005, 1006, 1015})
    void refusesCloseCodesThatAreNeverSent(int code) {
        var bytes = HexFormat.of().parseHex("888200000000" + HexFormat.of().toHexDigits((short) code));
        var server = server(new MemoryConnection(bytes, bytes.length, bytes.length));
        assertEquals(
                1002, assertThrows(WebSocketException.class, server::receive).code());
    }

    @Test
    void whateverComesIsAMessageOrAnError() throws IOException {
        var random = new Random(SEED);
        var seeds = new byte[][] {
            HexFormat.of().parseHex("8185" + MASK + "68656c6c6f" + "8882" + MASK + "03e8"),
            HexFormat.of().parseHex("0282" + MASK + "4142" + "8980" + MASK + "8083" + MASK + "434445"),
            HexFormat.of().parseHex("82fe007e" + MASK + "41".repeat(126)),
            HexFormat.of().parseHex("82ff0000000000010000" + MASK)
        };
        int read = 0;
        for (int i = 0; i < FUZZED; i++) {
            var bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var server = server(new MemoryConnection(bytes, random.nextInt(bytes.length + 1), 1 + random.nextInt(20)));
            try {
                read += assertBounded(server.receive());
            } catch (WebSocketException | EOFException e) {
                // As it should be.
            }
        }
        assertTrue(read > FUZZED / 20, read + " read");
    }

    private static int assertBounded(Message message) {
        int length = switch (message) {
            case Message.Binary(var bytes) -> bytes.length;
            case Message.Text(var text) -> text.getBytes(StandardCharsets.UTF_8).length;
            case Message.Pong(var bytes) -> bytes.length;
            case Message.Close(int code, var reason) -> {
                assertTrue(code >= 1000 && code <= 4999, code + " as a code");
                yield reason.length();
            }
        };
        assertTrue(length <= MESSAGE_BYTES_MAX, length + " bytes");
        return 1;
    }
}
