package io.sallyport.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.websocket.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A hand-written peer against a session.
final class MuxRulesTest {
    private static final long SEED = 3;
    private static final int WAIT_SECONDS = 20;

    private WebSocketPair sockets;

    @BeforeEach
    void open() throws IOException {
        sockets = WebSocketPair.open();
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    /// A peer that breaks a rule.
    private record Broken(String what, List<byte[]> messages) {
        Broken(String what, Frame... frames) {
            this(what, MuxSessionTest.frames(frames));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static List<Broken> rules() {
        var frames = new ArrayList<>(MuxSessionTest.frames(new Frame.Open(1)));
        frames.add(Frame.encode(data(1, MuxSession.FIRST_WINDOW_BYTES)));
        frames.add(Frame.encode(data(1, 1)));
        return List.of(
                new Broken("unknown type", List.of(new byte[] {9, 0, 0, 0, 1})),
                new Broken("half a head", List.of(new byte[] {1})),
                new Broken("opened again", new Frame.Open(5), new Frame.Open(5)),
                new Broken("opened backwards", new Frame.Open(5), new Frame.Open(3)),
                new Broken("never opened", new Frame.Fin(1)),
                new Broken("credit for nothing", new Frame.Open(1), new Frame.Credit(1, 1)),
                new Broken("credit overflow", new Frame.Open(1), new Frame.Credit(1, Integer.MAX_VALUE)),
                new Broken("two FINs", new Frame.Open(1), new Frame.Fin(1), new Frame.Fin(1)),
                new Broken("data behind FIN", new Frame.Open(1), new Frame.Fin(1), data(1, 1)),
                new Broken("beyond the window", frames),
                new Broken("pong to nothing", new Frame.Pong(1)));
    }

    private static Frame data(int stream, int length) {
        return new Frame.Data(stream, new byte[length], 0, length);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aBrokenRuleEndsTheSession(Broken broken) throws IOException {
        var server = MuxSession.server(sockets.server(), stream -> {});
        for (var message : broken.messages()) {
            sockets.client().sendBinary(message, 0, message.length);
        }
        assertEquals(1002, goodbye());
        assertFalse(server.isOpen());
    }

    @Test
    void aTextEndsTheSession() throws IOException {
        var server = MuxSession.server(sockets.server(), stream -> {});
        sockets.client().sendText(new byte[] {'x'});
        assertEquals(1002, goodbye());
        assertFalse(server.isOpen());
    }

    @Test
    void aServerOpensNothing() throws IOException {
        var client = MuxSession.client(sockets.client());
        sockets.server().sendBinary(Frame.encode(new Frame.Open(1)), 0, Frame.HEAD_BYTES);
        while (true) {
            if (sockets.server().receive() instanceof Message.Close(int code, String reason)) {
                assertEquals(1002, code);
                break;
            }
        }
        assertFalse(client.isOpen());
    }

    @Test
    void theWholeWindowMayBeSent() throws Exception {
        var read = new CountDownLatch(1);
        var server = MuxSession.server(
                sockets.server(),
                stream -> Thread.ofVirtual().start(() -> {
                    try {
                        stream.read(new byte[1], 0, 1);
                        read.countDown();
                    } catch (IOException e) {
                        // The latch tells.
                    }
                }));
        send(new Frame.Open(1));
        send(data(1, MuxSession.FIRST_WINDOW_BYTES));
        send(new Frame.Fin(1));
        assertTrue(read.await(WAIT_SECONDS, TimeUnit.SECONDS));
        assertTrue(server.isOpen());
    }

    @Test
    void framesOfAStreamThatIsOverAreLetBe() throws Exception {
        var server = MuxSession.server(sockets.server(), MuxStream::close);
        send(new Frame.Open(1));
        send(data(1, 10));
        send(new Frame.Credit(1, 10));
        send(new Frame.Fin(1));
        send(new Frame.Rst(1, "late"));
        send(new Frame.Ping(77));
        while (true) {
            if (sockets.client().receive() instanceof Message.Binary(byte[] bytes)
                    && Frame.decode(bytes) instanceof Frame.Pong(long value)) {
                assertEquals(77, value);
                break;
            }
        }
        assertTrue(server.isOpen());
    }

    @Test
    void aPeerThatAnswersIsKept() throws IOException {
        var server = MuxSession.server(sockets.server(), Duration.ofMillis(150), stream -> {});
        for (int pings = 1; pings <= 6; ) {
            if (sockets.client().receive() instanceof Message.Binary(byte[] bytes)
                    && Frame.decode(bytes) instanceof Frame.Ping(long value)) {
                assertEquals(pings, value);
                send(new Frame.Pong(value));
                pings++;
            }
        }
        assertTrue(server.isOpen());
    }

    @Test
    void aPeerThatDoesNotAnswerIsGone() throws Exception {
        var over = new CountDownLatch(1);
        var server = MuxSession.server(sockets.server(), Duration.ofMillis(40), stream -> {});
        server.onClosed(over::countDown);
        assertTrue(over.await(WAIT_SECONDS, TimeUnit.SECONDS));
        assertFalse(server.isOpen());
    }

    @Test
    void aPeerThatAsksAndDoesNotReadIsCut() {
        var server = MuxSession.server(sockets.server(), stream -> {});
        var ping = Frame.encode(new Frame.Ping(1));
        assertThrows(IOException.class, () -> {
            while (true) {
                sockets.client().sendBinary(ping, 0, ping.length);
            }
        });
        assertFalse(server.isOpen());
    }

    @Test
    void whateverComesAtMostTheSessionEnds() throws Exception {
        var random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            try (var pair = WebSocketPair.open()) {
                var over = new CountDownLatch(1);
                var server = MuxSession.server(pair.server(), stream -> {
                    if (random.nextBoolean()) {
                        stream.close();
                    }
                });
                server.onClosed(over::countDown);
                for (int i = 0; i < 50; i++) {
                    var message = mutated(random);
                    pair.client().sendBinary(message, 0, message.length);
                }
                pair.client().close();
                assertTrue(over.await(WAIT_SECONDS, TimeUnit.SECONDS));
            } catch (IOException e) {
                // It was ended before we were through.
            }
        }
    }

    private static byte[] mutated(Random random) {
        var message = Frame.encode(
                switch (random.nextInt(6)) {
                    case 0, 1 -> new Frame.Open(random.nextInt(50) + 1);
                    case 2 -> data(random.nextInt(50) + 1, random.nextInt(64) + 1);
                    case 3 -> new Frame.Fin(random.nextInt(50) + 1);
                    case 4 -> new Frame.Rst(random.nextInt(50) + 1, "x");
                    default -> new Frame.Ping(random.nextLong());
                });
        if (random.nextInt(10) == 0) {
            message[random.nextInt(message.length)] = (byte) random.nextInt();
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(message, random.nextInt(message.length + 1)) : message;
    }

    private void send(Frame frame) throws IOException {
        var message = Frame.encode(frame);
        sockets.client().sendBinary(message, 0, message.length);
    }

    private int goodbye() throws IOException {
        while (true) {
            if (sockets.client().receive() instanceof Message.Close(int code, String reason)) {
                sockets.client().close();
                return code;
            }
        }
    }
}
