package io.sallyport.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameTest {
    private static final long SEED = 20_261_127;
    private static final int FUZZED = 200_000;

    @Test
    void understandsWhatItWrites() {
        for (var frame : List.of(
                new Frame.Open(1),
                new Frame.Credit(7, 1),
                new Frame.Fin(Integer.MAX_VALUE),
                new Frame.Rst(3, "policy_tightened"),
                new Frame.Rst(3, ""),
                new Frame.Ping(-1),
                new Frame.Pong(5))) {
            assertEquals(frame, Frame.decode(Frame.encode(frame)));
        }
    }

    @Test
    void aReasonIsPrintableAndShort() {
        var frame = new Frame.Rst(1, "a\r\n\u001b\u202e" + "x".repeat(100));
        var decoded = assertInstanceOf(Frame.Rst.class, Frame.decode(Frame.encode(frame)));
        assertEquals("a????" + "x".repeat(59), decoded.reason());
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, ''",
        "half a head, 01000000",
        "type 0, 0000000001",
        "type 8, 0800000001",
        "type 255, ff00000001",
        "stream 0, 0100000000",
        "a negative stream, 0180000000",
        "OPEN with bytes, 010000000141",
        "DATA without, 0200000001",
        "CREDIT of 0, 030000000100000000",
        "a negative CREDIT, 0300000001ffffffff",
        "a short CREDIT, 0300000001000001",
        "a long CREDIT, 03000000010000000100",
        "FIN with bytes, 040000000100",
        "PING on a stream, 06000000010000000000000001",
        "a short PING, 0600000000000001",
        "PONG on a stream, 07000000010000000000000001",
    })
    void refusesWhatIsNoFrame(String what, String hex) {
        assertInstanceOf(Frame.Malformed.class, Frame.decode(HexFormat.of().parseHex(hex)), what);
    }

    @Test
    void refusesMoreThanAFrameMayHold() {
        var data = Arrays.copyOf(Frame.head(Frame.Type.DATA, 1), Frame.MESSAGE_BYTES_MAX + 1);
        assertInstanceOf(Frame.Malformed.class, Frame.decode(data));
        assertInstanceOf(Frame.Data.class, Frame.decode(Arrays.copyOf(data, Frame.MESSAGE_BYTES_MAX)));
        var reset = Arrays.copyOf(Frame.head(Frame.Type.RST, 1), Frame.HEAD_BYTES + Frame.REASON_BYTES_MAX + 1);
        assertInstanceOf(Frame.Malformed.class, Frame.decode(reset));
    }

    @Test
    void whatItUnderstandsItWouldHaveWritten() {
        var random = new Random(SEED);
        for (int i = 0; i < FUZZED; i++) {
            var message = new byte[random.nextInt(20)];
            random.nextBytes(message);
            if (message.length > 4 && random.nextInt(8) > 0) {
                message[0] = (byte) random.nextInt(9);
                message[1] = 0;
            }
            switch (Frame.decode(message)) {
                case Frame.Malformed malformed -> {}
                case Frame.Rst rst -> {} // whose reason is made printable
                case Frame frame -> assertArrayEquals(message, Frame.encode(frame));
            }
        }
    }
}
