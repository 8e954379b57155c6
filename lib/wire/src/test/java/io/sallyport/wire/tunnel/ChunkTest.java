package io.sallyport.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sallyport.wire.tunnel.Chunk.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Vectors: reference/egress.md §1.4.
final class ChunkTest {
    private static final long SEED = 20_261_127;
    private static final int FUZZED = 200_000;

    @ParameterizedTest
    @CsvSource({"0,0a00", "1,0a01", "127,0a7f", "128,0a8001", "16383,0aff7f", "16384,0a808001", "524288,0a808020"})
    void writesLengthsInTheirShortestForm(int length, String head) {
        var message = Chunk.encode(new byte[length], 0, length);
        assertEquals(head, HexFormat.of().formatHex(message, 0, message.length - length));
        switch (Chunk.decode(message)) {
            case Decoded.Data data -> assertEquals(length, data.length());
            case Decoded.KeepAlive keepAlive -> assertEquals(0, length);
            case Decoded.Malformed malformed -> throw new AssertionError(malformed);
        }
    }

    @Test
    void encodesHelloAsEverybodyDoes() {
        var hello = "hello".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(HexFormat.of().parseHex("0a0568656c6c6f"), Chunk.encode(hello, 0, hello.length));
        var data =
                assertInstanceOf(Decoded.Data.class, Chunk.decode(HexFormat.of().parseHex("0a0568656c6c6f")));
        assertArrayEquals(hello, Arrays.copyOfRange(data.message(), data.offset(), data.offset() + data.length()));
    }

    @Test
    void takesAnEmptyMessageForAKeepAlive() {
        assertInstanceOf(Decoded.KeepAlive.class, Chunk.decode(new byte[0]));
        assertInstanceOf(Decoded.KeepAlive.class, Chunk.decode(Chunk.keepAlive()));
    }

    @ParameterizedTest
    @CsvSource({
        "wrong wire type varint, 0805, 1002",
        "wire type 64 bit, 0900, 1002",
        "wire type group, 0b00, 1002",
        "wire type end group, 0c00, 1002",
        "wire type 32 bit, 0d00, 1002",
        "field 2, 120141, 1002",
        "tag in two bytes, 8a000141, 1002",
        "no length, 0a, 1002",
        "half a length, 0a80, 1002",
        "length 0 in two bytes, 0a8000, 1002",
        "length 1 in two bytes, 0a810041, 1002",
        "length 1 in five bytes, 0a818080800041, 1002",
        "six bytes of length, 0a818080808001, 1002",
        "one byte missing, 0a024100, 1002",
        "longer than there is, 0a0341, 1002",
        "bytes behind, 0a014141, 1002",
        "a second field, 0a01410a0141, 1002",
        "2 GiB claimed, 0affffffff07, 1009",
        "4 GiB claimed, 0affffffff0f, 1009",
        "34 bits claimed, 0affffffff7f, 1009",
        "512 KiB and one claimed, 0a818020, 1009",
    })
    void refusesWhatIsNoChunk(String what, String hex, int code) {
        var message = HexFormat.of().parseHex(hex);
        if (what.equals("one byte missing")) {
            message = Arrays.copyOf(message, 3);
        }
        var malformed = assertInstanceOf(Decoded.Malformed.class, Chunk.decode(message), what);
        assertEquals(code, malformed.code(), what);
    }

    @Test
    void refusesAMessageThatIsCutAnywhere() {
        var message = Chunk.encode(new byte[300], 0, 300);
        for (int length = 1; length < message.length; length++) {
            assertInstanceOf(Decoded.Malformed.class, Chunk.decode(Arrays.copyOf(message, length)));
        }
    }

    @Test
    void whatItUnderstandsItWouldHaveWritten() {
        var random = new Random(SEED);
        for (int i = 0; i < FUZZED; i++) {
            var message = new byte[random.nextInt(12)];
            random.nextBytes(message);
            if (message.length > 0 && random.nextInt(8) > 0) {
                message[0] = 0x0a;
            }
            if (message.length > 1 && random.nextBoolean()) {
                message[1] = (byte) (message.length - 2);
            }
            if (Chunk.decode(message) instanceof Decoded.Data(byte[] bytes, int offset, int length)) {
                assertArrayEquals(message, Chunk.encode(bytes, offset, length));
            }
        }
    }
}
