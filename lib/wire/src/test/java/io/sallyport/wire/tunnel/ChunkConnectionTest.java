package io.sallyport.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.websocket.Message;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChunkConnectionTest {
    private static final long SEED = 7;
    private WebSocketPair sockets;

    @BeforeEach
    void open() throws IOException {
        sockets = WebSocketPair.open();
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void carriesMoreThanAChunk() throws Exception {
        var sent = new byte[3 * Chunk.DATA_BYTES_MAX + 17];
        new Random(SEED).nextBytes(sent);
        var client = new ChunkConnection(sockets.client());
        var server = new ChunkConnection(sockets.server());
        var writer = CompletableFuture.runAsync(
                () -> {
                    try {
                        client.write(sent, 0, sent.length);
                        client.shutdownOutput();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        assertArrayEquals(sent, MuxSessionTest.readAll(server));
        writer.get(20, TimeUnit.SECONDS);
    }

    @Test
    void stillReadsWhenItsOwnStreamHasEnded() throws IOException {
        var client = new ChunkConnection(sockets.client());
        var server = new ChunkConnection(sockets.server());
        client.write(ascii("question"), 0, 8);
        client.shutdownOutput();
        assertEquals("question", new String(MuxSessionTest.readAll(server), StandardCharsets.US_ASCII));
        server.write(ascii("answer"), 0, 6);
        server.shutdownOutput();
        assertEquals("answer", new String(MuxSessionTest.readAll(client), StandardCharsets.US_ASCII));
        assertThrows(IOException.class, () -> client.write(ascii("x"), 0, 1));
    }

    @Test
    void aWebSocketThatIsCutIsNoEnd() throws IOException {
        var server = new ChunkConnection(sockets.server());
        sockets.client().sendBinary(Chunk.encode(ascii("half"), 0, 4), 0, 6);
        sockets.client().close();
        assertEquals(4, server.read(new byte[10], 0, 10));
        assertThrows(IOException.class, () -> server.read(new byte[10], 0, 10));
    }

    @Test
    void aGoodbyeForAReasonIsNoEnd() {
        var server = new ChunkConnection(sockets.server());
        sockets.client().close(1011, "broken");
        assertThrows(EOFException.class, () -> server.read(new byte[10], 0, 10));
    }

    @Test
    void tellsWhatIsWrongWithAMessage() throws IOException {
        var server = new ChunkConnection(sockets.server());
        sockets.client().sendBinary(new byte[] {0x12, 0}, 0, 2);
        var told = CompletableFuture.supplyAsync(
                this::goodbye, task -> Thread.ofVirtual().start(task));
        assertEquals(
                1002,
                assertThrows(TunnelException.class, () -> server.read(new byte[10], 0, 10))
                        .code());
        assertEquals(1002, told.join());
    }

    @Test
    void takesNoTexts() throws IOException {
        var server = new ChunkConnection(sockets.server());
        sockets.client().sendText(ascii("hello"));
        var told = CompletableFuture.supplyAsync(
                this::goodbye, task -> Thread.ofVirtual().start(task));
        assertThrows(TunnelException.class, () -> server.read(new byte[10], 0, 10));
        assertEquals(1003, told.join());
    }

    private int goodbye() {
        try {
            while (true) {
                if (sockets.client().receive() instanceof Message.Close(int code, String reason)) {
                    sockets.client().close();
                    return code;
                }
            }
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void saysThatItIsThere() throws IOException {
        try (var server = new ChunkConnection(sockets.server(), Duration.ofMillis(50))) {
            assertEquals(0, server.readNow(new byte[1], 0, 1));
            var chunk = assertInstanceOf(Message.Binary.class, sockets.client().receive());
            assertArrayEquals(Chunk.keepAlive(), chunk.bytes());
        }
    }

    @Test
    void findsThatThePeerIsGone() {
        long from = System.nanoTime();
        var server = new ChunkConnection(sockets.server(), Duration.ofMillis(100)); // whose pings nobody answers
        assertThrows(IOException.class, () -> server.read(new byte[10], 0, 10));
        assertTrue(System.nanoTime() - from < 10_000_000_000L);
    }

    @Test
    void aPeerThatOnlyAnswersPingsIsThere() throws Exception {
        var server = new ChunkConnection(sockets.server(), Duration.ofMillis(300));
        var client = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        for (int i = 0; i < 5; i++) { // keep-alives; the pings between them are answered by receive
                            sockets.client().receive();
                        }
                        sockets.client().sendBinary(Chunk.encode(ascii("x"), 0, 1), 0, 3);
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                },
                task -> Thread.ofVirtual().start(task));
        assertEquals(1, server.read(new byte[10], 0, 10));
        assertTrue(client.get(10, TimeUnit.SECONDS));
    }

    @Test
    void keepsItsDeadline() {
        var server = new ChunkConnection(sockets.server());
        server.deadline(Deadline.after(Duration.ofMillis(50)));
        assertThrows(DeadlinePassedException.class, () -> server.read(new byte[10], 0, 10));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Attack 80 of reference/egress.md §4.6: before the head, between data, and very many.
    @Test
    void keepAlivesAreNoData() throws IOException {
        var server = new ChunkConnection(sockets.server());
        for (var text : new String[] {"head", "body"}) {
            for (int i = 0; i < 5_000; i++) {
                sockets.client().sendBinary(i % 2 == 0 ? Chunk.keepAlive() : new byte[0], 0, i % 2 == 0 ? 2 : 0);
            }
            sockets.client().sendBinary(Chunk.encode(ascii(text), 0, 4), 0, 6);
            var bytes = new byte[10];
            assertEquals(4, server.read(bytes, 0, 10));
            assertEquals(text, new String(bytes, 0, 4, StandardCharsets.US_ASCII));
        }
    }
}
