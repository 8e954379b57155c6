package io.sallyport.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MuxSessionTest {
    private static final long SEED = 11;
    private static final int WAIT_SECONDS = 30;

    private final BlockingQueue<MuxStream> accepted = new LinkedBlockingQueue<>();
    private WebSocketPair sockets;
    private MuxSession client;
    private MuxSession server;

    @BeforeEach
    void open() throws IOException {
        sockets = WebSocketPair.open();
        client = MuxSession.client(sockets.client());
        server = MuxSession.server(sockets.server(), accepted::add);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        sockets.close();
    }

    static byte[] readAll(Connection from) throws IOException {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[8 << 10];
        for (int n = from.read(buffer, 0, buffer.length); n >= 0; n = from.read(buffer, 0, buffer.length)) {
            all.write(buffer, 0, n);
        }
        return all.toByteArray();
    }

    private MuxStream accept() throws InterruptedException {
        var stream = accepted.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertTrue(stream != null, "no stream was accepted");
        return stream;
    }

    @Test
    void carriesBothWaysAndHalfClosesEach() throws Exception {
        var ours = client.open();
        ours.write(ascii("question"), 0, 8);
        ours.shutdownOutput();
        var theirs = accept();
        assertEquals("question", new String(readAll(theirs), StandardCharsets.US_ASCII));
        theirs.write(ascii("a long answer"), 0, 13);
        theirs.shutdownOutput();
        assertEquals("a long answer", new String(readAll(ours), StandardCharsets.US_ASCII));
        ours.close();
        theirs.close();
        assertEquals(0, client.streams());
        assertEquals(0, server.streams());
        assertTrue(client.isOpen());
    }

    @Test
    void theServerMaySpeakFirst() throws Exception {
        var ours = client.open();
        var theirs = accept();
        theirs.write(ascii("220 hello"), 0, 9);
        assertEquals(9, ours.read(new byte[20], 0, 20));
    }

    @Test
    void aStreamThatIsClosedBeforeItsEndIsBrokenOff() throws Exception {
        var ours = client.open();
        var theirs = accept();
        theirs.write(ascii("half"), 0, 4);
        theirs.reset("policy_tightened");
        assertEquals(4, ours.read(new byte[20], 0, 20));
        var reset = assertThrows(StreamResetException.class, () -> ours.read(new byte[20], 0, 20));
        assertEquals("policy_tightened", reset.reason());
        assertThrows(StreamResetException.class, () -> ours.write(ascii("x"), 0, 1));
        assertThrows(ClosedChannelException.class, () -> theirs.read(new byte[1], 0, 1));
        assertTrue(client.isOpen());
    }

    @Test
    void closingWakesAReaderAndAWriter() throws Exception {
        var stream = client.open();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reader = threads.submit(() -> assertThrows(IOException.class, () -> stream.read(new byte[1], 0, 1)));
            var writer = threads.submit(() ->
                    assertThrows(IOException.class, () -> stream.write(new byte[1 << 20], 0, 1 << 20)));
            accept();
            stream.close();
            reader.get(WAIT_SECONDS, TimeUnit.SECONDS);
            writer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSlowReaderHoldsItsWriterUp() throws Exception {
        var ours = client.open();
        var taken = new AtomicLong();
        var piece = new byte[1 << 10];
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writer = threads.submit(() -> {
                for (int i = 0; i < 1 << 12; i++) {
                    ours.write(piece, 0, piece.length);
                    taken.addAndGet(piece.length);
                }
                ours.shutdownOutput();
                return null;
            });
            var theirs = accept();
            await(taken, MuxSession.FIRST_WINDOW_BYTES);
            assertEquals(1, theirs.read(new byte[1], 0, 1));
            assertEquals(MuxSession.FIRST_WINDOW_BYTES, taken.get());
            assertEquals((piece.length << 12) - 1, readAll(theirs).length);
            writer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void keepsOfAllStreamsWhatTheBudgetAllows() throws Exception {
        int streams = 8;
        var budget = new MuxBudget(2L * streams * MuxSession.FIRST_WINDOW_BYTES);
        try (var pair = WebSocketPair.open();
                var many = MuxSession.client(pair.client());
                var kept = MuxSession.server(pair.server(), budget, accepted::add)) {
            var theirs = new ArrayList<MuxStream>();
            var piece = new byte[MuxSession.FIRST_WINDOW_BYTES];
            var ours = new ArrayList<MuxStream>();
            for (int i = 0; i < streams; i++) {
                ours.add(many.open());
                theirs.add(accept());
            }
            for (int round = 0; round < 20; round++) { // each would grow to the largest window
                for (int i = 0; i < streams; i++) {
                    ours.get(i).write(piece, 0, piece.length);
                    for (int left = piece.length; left > 0; ) {
                        left -= theirs.get(i).read(new byte[left], 0, left);
                    }
                }
            }
            assertEquals((long) streams * MuxSession.FIRST_WINDOW_BYTES, budget.left(), "half is left to new ones");
            for (int i = 0; i < streams; i++) {
                many.open();
                theirs.add(accept());
            }
            var refused = many.open();
            assertThrows(StreamResetException.class, () -> refused.read(new byte[1], 0, 1));
            theirs.forEach(MuxStream::close);
            assertEquals(2L * streams * MuxSession.FIRST_WINDOW_BYTES, budget.left(), "all is given back");
            assertTrue(kept.isOpen());
        }
    }

    @Test
    void aStreamThatIsReadGetsTheLargestWindow() throws Exception {
        var ours = client.open();
        var taken = new AtomicLong();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var piece = new byte[1 << 10];
            var writer = threads.submit(() -> {
                while (true) {
                    ours.write(piece, 0, piece.length);
                    taken.addAndGet(piece.length);
                }
            });
            var theirs = accept();
            int read = 0;
            while (read < 4 * MuxSession.WINDOW_BYTES) {
                read += theirs.read(piece, 0, piece.length);
            }
            long ahead = MuxSession.WINDOW_BYTES / 2; // of the rest it has not been told yet that it was read
            var deadline = Deadline.after(Duration.ofSeconds(WAIT_SECONDS));
            while (taken.get() < read + ahead && !deadline.passed()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(taken.get() >= read + ahead, taken + " bytes, of which " + read + " were read");
            ours.close();
            assertThrows(Exception.class, () -> writer.get(WAIT_SECONDS, TimeUnit.SECONDS));
        }
    }

    private static void await(AtomicLong value, long wanted) {
        var deadline = Deadline.after(Duration.ofSeconds(WAIT_SECONDS));
        while (value.get() != wanted && !deadline.passed()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(wanted, value.get());
    }

    @Test
    void oneStreamThatStandsStillHoldsUpNoOther() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stalled = client.open();
            var writer = threads.submit(() -> {
                assertThrows(IOException.class, () -> stalled.write(new byte[1 << 20], 0, 1 << 20));
            });
            accept(); // which nobody reads
            var echoes = threads.submit(() -> {
                for (int i = 0; i < 1_000; i++) {
                    var theirs = accept();
                    var _ = threads.submit(() -> {
                        var bytes = readAll(theirs);
                        theirs.write(bytes, 0, bytes.length);
                        theirs.shutdownOutput();
                        theirs.close();
                        return null;
                    });
                }
                return null;
            });
            var random = new Random(SEED);
            var done = new ArrayList<Future<?>>();
            var slots = new java.util.concurrent.Semaphore(100);
            for (int i = 0; i < 1_000; i++) {
                var bytes = new byte[random.nextInt(4 << 10) + 1];
                random.nextBytes(bytes);
                slots.acquire();
                done.add(threads.submit(() -> {
                    try (var stream = client.open()) {
                        stream.deadline(Deadline.after(Duration.ofSeconds(WAIT_SECONDS)));
                        stream.write(bytes, 0, bytes.length);
                        stream.shutdownOutput();
                        assertArrayEquals(bytes, readAll(stream));
                    } finally {
                        slots.release();
                    }
                    return null;
                }));
            }
            for (var one : done) {
                one.get(WAIT_SECONDS, TimeUnit.SECONDS);
            }
            echoes.get(WAIT_SECONDS, TimeUnit.SECONDS);
            stalled.close();
            writer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void manyLargeStreamsArriveWhole() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < 16; i++) {
                var sent = new byte[2 << 20];
                new Random(i).nextBytes(sent);
                var ours = client.open();
                var theirs = accept();
                done.add(threads.submit(() -> {
                    ours.write(sent, 0, sent.length);
                    ours.shutdownOutput();
                    return null;
                }));
                done.add(threads.submit(() -> {
                    assertArrayEquals(sent, readAll(theirs));
                    return null;
                }));
            }
            for (var one : done) {
                one.get(WAIT_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void takesAsManyStreamsAsItSays() throws Exception {
        var open = new ArrayList<MuxStream>();
        for (int i = 0; i < MuxSession.STREAMS_MAX; i++) {
            open.add(client.open());
        }
        assertThrows(StreamLimitException.class, () -> client.open());
        open.getFirst().close();
        open.add(client.open());
        for (int i = 0; i <= MuxSession.STREAMS_MAX; i++) {
            accept();
        }
    }

    @Test
    void aSessionThatIsCutDeliversNoHole() throws Exception {
        var ours = client.open();
        var theirs = accept();
        theirs.write(ascii("0123"), 0, 4);
        var buffer = new byte[10];
        assertEquals(4, ours.read(buffer, 0, 10));
        var over = new CountDownLatch(1);
        client.onClosed(over::countDown);
        sockets.server().close();
        assertThrows(IOException.class, () -> ours.read(buffer, 0, 10));
        assertTrue(over.await(WAIT_SECONDS, TimeUnit.SECONDS));
        assertFalse(client.isOpen());
        assertThrows(IOException.class, () -> client.open());
    }

    @Test
    void keepsTheDeadlineOfAStream() throws Exception {
        var ours = client.open();
        ours.deadline(Deadline.after(Duration.ofMillis(50)));
        assertThrows(DeadlinePassedException.class, () -> ours.read(new byte[1], 0, 1));
        assertThrows(DeadlinePassedException.class, () -> ours.write(new byte[1], 0, 1));
        assertThrows(StreamResetException.class, () -> accept().read(new byte[1], 0, 1));
        assertTrue(client.isOpen());
    }

    @Test
    void anEarlierDeadlineWakesWhoWaitsForALaterOne() throws Exception {
        var ours = client.open();
        ours.deadline(Deadline.after(Duration.ofHours(1)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reader = threads.submit(
                    () -> assertThrows(DeadlinePassedException.class, () -> ours.read(new byte[1], 0, 1)));
            ours.deadline(Deadline.after(Duration.ofMillis(20)));
            reader.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void readsWithoutWaiting() throws Exception {
        var ours = client.open();
        var theirs = accept();
        assertEquals(0, ours.readNow(new byte[1], 0, 1));
        theirs.shutdownOutput();
        assertEquals(-1, ours.read(new byte[1], 0, 1));
        assertEquals(-1, ours.readNow(new byte[1], 0, 1));
    }

    @Test
    void closingASessionEndsItsStreams() throws Exception {
        var ours = client.open();
        var theirs = accept();
        client.close();
        assertThrows(IOException.class, () -> ours.read(new byte[1], 0, 1));
        assertThrows(IOException.class, () -> theirs.read(new byte[1], 0, 1));
    }

    static List<byte[]> frames(Frame... frames) {
        return java.util.Arrays.stream(frames).map(Frame::encode).toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
