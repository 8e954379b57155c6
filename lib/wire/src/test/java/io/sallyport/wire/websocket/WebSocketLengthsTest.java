package io.sallyport.wire.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.testing.SocketPair;
import io.sallyport.wire.websocket.WebSocket.Side;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebSocketLengthsTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int MESSAGE_BYTES_MAX = 256 << 20;
    private static final long KEPT_BYTES_MAX = 1 << 20;

    private SocketPair sockets;
    private WebSocket server;

    @BeforeEach
    void open() throws IOException {
        sockets = SocketPair.open();
        server = new WebSocket(sockets.ours(), Side.SERVER, MESSAGE_BYTES_MAX);
        server.deadline(Deadline.after(WAIT));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        sockets.peer().close();
    }

    @Test
    void keepsNothingForBytesThatWereOnlyAnnounced() throws IOException {
        var head = ByteBuffer.allocate(14 + 3).put((byte) 0x82).put((byte) 0xff).putLong(MESSAGE_BYTES_MAX);
        sockets.peer().getOutputStream().write(head.array());
        sockets.peer().shutdownOutput();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(EOFException.class, server::receive);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < KEPT_BYTES_MAX, "allocated " + allocated + " bytes");
    }

    @Test
    void receivesMessagesOfAnyLength() throws Exception {
        var client = new WebSocket(SocketConnection.of(sockets.peer().getChannel()), Side.CLIENT, MESSAGE_BYTES_MAX);
        var random = new Random(6455);
        for (int length : new int[] {
            0, 1, 125, 126, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 65_535, 65_536, 100_000, 600_000, 3
        }) {
            var sent = new byte[length];
            random.nextBytes(sent);
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    client.sendBinary(sent, 0, sent.length);
                    client.sendPing(new byte[0]);
                } catch (IOException e) {
                    // The receiver finds it.
                }
            });
            assertArrayEquals(
                    sent,
                    assertInstanceOf(Message.Binary.class, server.receive()).bytes());
            assertTrue(sender.join(WAIT));
        }
    }
}
