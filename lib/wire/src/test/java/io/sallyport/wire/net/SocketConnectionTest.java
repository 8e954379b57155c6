package io.sallyport.wire.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.kit.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real sockets, used by every kind of thread.
@Timeout(60)
final class SocketConnectionTest {
    private static final Duration WAIT = Duration.ofSeconds(20);

    /// Who reads and writes.
    enum Kind {
        FAIR,
        VIRTUAL,
        PLATFORM;

        private Thread.Builder threads() {
            return switch (this) {
                case FAIR -> FairThreads.builder();
                case VIRTUAL -> Thread.ofVirtual();
                case PLATFORM -> Thread.ofPlatform().daemon();
            };
        }

        <T> FutureTask<T> start(Callable<T> work) {
            var task = new FutureTask<>(work);
            threads().start(task);
            return task;
        }

        <T> T run(Callable<T> work) throws Exception {
            return get(start(work));
        }
    }

    private static <T> T get(FutureTask<T> task) throws Exception {
        try {
            return task.get(WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private record Pair(SocketConnection a, SocketConnection b) implements AutoCloseable {
        static Pair open(Kind kind) throws Exception {
            try (var listener = ServerSocketChannel.open().bind(Loopback.v4(0))) {
                var to = (InetSocketAddress) listener.getLocalAddress();
                var a = kind.run(() -> SocketConnection.connect(SocketChannel.open(), to, Deadline.after(WAIT)));
                return new Pair(a, SocketConnection.of(listener.accept()));
            }
        }

        @Override
        public void close() {
            a.close();
            b.close();
        }
    }

    private static byte[] read(Connection from, int count, Random random) throws IOException {
        var all = new ByteArrayOutputStream();
        while (all.size() < count) {
            var buffer = new byte[1 + random.nextInt(random.nextBoolean() ? 10 : 100_000)];
            int n = from.read(buffer, 0, Math.min(buffer.length, count - all.size()));
            if (n < 0) {
                break;
            }
            all.write(buffer, 0, n);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(Random random, int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadWhateverTheSizes(Kind kind) throws Exception {
        var random = new Random(1);
        try (var pair = Pair.open(kind)) {
            for (int round = 0; round < 300; round++) {
                var sent = bytes(random, 1 + random.nextInt(round % 10 == 0 ? 3_000_000 : 5_000));
                boolean forth = random.nextBoolean();
                var from = forth ? pair.a : pair.b;
                var to = forth ? pair.b : pair.a;
                var seed = random.nextLong();
                var reader = kind.start(() -> read(to, sent.length, new Random(seed)));
                kind.run(() -> {
                    from.write(sent, 0, sent.length);
                    return 0;
                });
                assertArrayEquals(sent, get(reader));
            }
        }
    }

    /// The end may come with the last bytes, between two reads, or long after.
    @ParameterizedTest
    @EnumSource
    void theEndIsSeenWheneverItComes(Kind kind) throws Exception {
        var random = new Random(2);
        for (int round = 0; round < 200; round++) {
            try (var pair = Pair.open(kind)) {
                var sent = bytes(random, 1 + random.nextInt(2_000));
                long pause = round % 4 * 100_000L;
                var reader = kind.start(() -> read(pair.b, Integer.MAX_VALUE, new Random(7)));
                kind.run(() -> {
                    pair.a.write(sent, 0, sent.length);
                    long until = System.nanoTime() + pause;
                    while (System.nanoTime() - until < 0) {
                        Thread.onSpinWait();
                    }
                    pair.a.shutdownOutput();
                    return 0;
                });
                assertArrayEquals(sent, get(reader));
                kind.run(() -> {
                    pair.b.write(sent, 0, sent.length);
                    pair.b.shutdownOutput();
                    return 0;
                });
                assertArrayEquals(sent, kind.run(() -> read(pair.a, Integer.MAX_VALUE, new Random(8))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseWakesWhoeverReadsOrWrites(Kind kind) throws Exception {
        for (int round = 0; round < 50; round++) {
            try (var pair = Pair.open(kind)) {
                var threads = new ArrayBlockingQueue<Thread>(2);
                var reader = kind.start(() -> {
                    threads.add(Thread.currentThread());
                    return pair.a.read(new byte[10], 0, 10);
                });
                var writer = kind.start(() -> {
                    threads.add(Thread.currentThread());
                    return writeMuch(pair.a);
                });
                if (round % 2 == 0) { // else it may come before they wait
                    awaitThatItWaits(threads.take());
                    awaitThatItWaits(threads.take());
                }
                pair.a.close();
                assertThrows(IOException.class, () -> get(reader));
                assertThrows(IOException.class, () -> get(writer));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeadlineEndsARead(Kind kind) throws Exception {
        try (var pair = Pair.open(kind)) {
            pair.a.deadline(Deadline.after(Duration.ofMillis(100)));
            assertThrows(DeadlinePassedException.class, () -> kind.run(() -> pair.a.read(new byte[10], 0, 10)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeadlineEndsAWrite(Kind kind) throws Exception {
        try (var pair = Pair.open(kind)) {
            pair.a.deadline(Deadline.after(Duration.ofMillis(100)));
            assertThrows(DeadlinePassedException.class, () -> kind.run(() -> writeMuch(pair.a)));
        }
    }

    private static int writeMuch(Connection to) throws IOException {
        var much = new byte[30_000_000];
        to.write(much, 0, much.length);
        return much.length;
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAReadAndAWrite(Kind kind) throws Exception {
        for (boolean reads : new boolean[] {true, false}) {
            try (var pair = Pair.open(kind)) {
                var thread = new CompletableFuture<Thread>();
                var waiting = kind.start(() -> {
                    thread.complete(Thread.currentThread());
                    return reads ? pair.a.read(new byte[10], 0, 10) : writeMuch(pair.a);
                });
                awaitThatItWaits(thread.get());
                thread.get().interrupt();
                assertThrows(ClosedByInterruptException.class, () -> get(waiting));
            }
        }
    }

    /// A platform thread in a system call counts as one that runs.
    private static void awaitThatItWaits(Thread thread) {
        long until = System.nanoTime() + (thread.isVirtual() ? WAIT.toNanos() : 50_000_000);
        while (System.nanoTime() - until < 0
                && thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /// As when an upload is copied on a platform thread while its answer is begun already.
    @Test
    void aWriterThatWaitsGoesOnWhenAThreadOfAnotherKindReads() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (var listener = ServerSocketChannel.open().bind(Loopback.v4(0))) {
                var peer = SocketConnection.of(SocketChannel.open(listener.getLocalAddress()));
                var accepted = SocketConnection.of(listener.accept());
                try (var pair = new Pair(accepted, peer)) {
                    peer.write(new byte[1], 0, 1);
                    assertEquals(1, Kind.FAIR.run(() -> pair.a.read(new byte[1], 0, 1)));
                    var writer = Kind.FAIR.start(() -> writeMuch(pair.a));
                    var reader = Kind.PLATFORM.start(() -> pair.a.read(new byte[1], 0, 1));
                    peer.write(new byte[1], 0, 1);
                    assertEquals(1, get(reader));
                    var all = Kind.PLATFORM.start(() -> read(peer, 30_000_000, new Random(9)).length);
                    assertEquals(30_000_000, get(writer));
                    assertEquals(30_000_000, get(all));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLookDoesNotWaitForAWriterThatDoes(Kind kind) throws Exception {
        try (var pair = Pair.open(kind)) {
            var thread = new CompletableFuture<Thread>();
            var writer = kind.start(() -> {
                thread.complete(Thread.currentThread());
                return writeMuch(pair.a);
            });
            awaitThatItWaits(thread.get());
            assertEquals(0, kind.run(() -> pair.a.readNow(new byte[10], 0, 10)));
            pair.a.close();
            assertThrows(IOException.class, () -> get(writer));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyListensAndNobodyAnswers(Kind kind) throws Exception {
        int port;
        try (var listener = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            port = listener.socket().getLocalPort();
        }
        assertThrows(
                ConnectException.class,
                () -> kind.run(
                        () -> SocketConnection.connect(SocketChannel.open(), Loopback.v4(port), Deadline.after(WAIT))));
        try (var full = ServerSocketChannel.open().bind(Loopback.v4(0), 1)) {
            var to = full.getLocalAddress();
            assertThrows(DeadlinePassedException.class, () -> {
                for (int i = 0; i < 10; i++) {
                    kind.run(() ->
                            SocketConnection.connect(SocketChannel.open(), to, Deadline.after(Duration.ofMillis(200))));
                }
            });
        }
    }

    /// As when a request's head was read by one kind of thread, and its body is copied by another.
    @Test
    void threadsOfDifferentKindsTakeTurnsWithOneConnection() throws Exception {
        var random = new Random(3);
        for (int round = 0; round < 100; round++) {
            try (var pair = Pair.open(Kind.values()[random.nextInt(3)])) {
                for (int turn = 0; turn < 12; turn++) {
                    var sent = bytes(random, 1 + random.nextInt(300_000));
                    var by = Kind.values()[random.nextInt(3)];
                    var seed = random.nextLong();
                    var from = turn % 2 == 0 ? pair.a : pair.b;
                    var to = turn % 2 == 0 ? pair.b : pair.a;
                    var reader = Kind.values()[random.nextInt(3)].start(() -> read(to, sent.length, new Random(seed)));
                    by.run(() -> {
                        from.write(sent, 0, sent.length);
                        return 0;
                    });
                    assertArrayEquals(sent, get(reader));
                }
            }
        }
    }

    /// One direction waits on a virtual thread while the other becomes a platform thread's.
    @Test
    void aReaderThatWaitsStaysWhenAThreadOfAnotherKindWrites() throws Exception {
        for (int round = 0; round < 100; round++) {
            try (var pair = Pair.open(Kind.FAIR)) {
                var reader = Kind.FAIR.start(() -> read(pair.a, 4, new Random(5)));
                var much = new byte[4_000_000];
                Arrays.fill(much, (byte) 'x');
                var drain = Kind.FAIR.start(() -> read(pair.b, much.length, new Random(6)));
                Kind.PLATFORM.run(() -> {
                    pair.a.write(much, 0, much.length);
                    return 0;
                });
                assertArrayEquals(much, get(drain));
                Kind.PLATFORM.run(() -> {
                    pair.b.write(new byte[] {1, 2, 3, 4}, 0, 4);
                    return 0;
                });
                assertArrayEquals(new byte[] {1, 2, 3, 4}, get(reader));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsThereIsReadWithoutWaiting(Kind kind) throws Exception {
        try (var pair = Pair.open(kind)) {
            var buffer = new byte[10];
            assertEquals(0, kind.run(() -> pair.a.readNow(buffer, 0, 10)));
            pair.b.write(new byte[] {1, 2, 3}, 0, 3);
            kind.run(() -> {
                int n = 0;
                while (n == 0) {
                    n = pair.a.readNow(buffer, 0, 2);
                }
                return n;
            });
            assertEquals(1, kind.run(() -> pair.a.read(buffer, 0, 10)));
            var reader = kind.start(() -> pair.a.read(buffer, 0, 10));
            pair.b.write(new byte[] {4}, 0, 1);
            assertEquals(1, get(reader));
            assertEquals(4, buffer[0]);
        }
    }

    /// Numbers of sockets are used again at once.
    @Test
    void manyShortConnectionsAtATime() throws Exception {
        try (var listener = ServerSocketChannel.open().bind(Loopback.v4(0), 1_024)) {
            var to = listener.getLocalAddress();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        var accepted = SocketConnection.of(listener.accept());
                        var _ = Kind.FAIR.start(() -> {
                            try (accepted) {
                                var said = read(accepted, 5, new Random(1));
                                accepted.write(said, 0, said.length);
                            }
                            return 0;
                        });
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            @SuppressWarnings({"unchecked", "rawtypes"})
            FutureTask<Integer>[] clients = new FutureTask[16];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = Kind.FAIR.start(() -> {
                    int good = 0;
                    for (int round = 0; round < 500; round++) {
                        try (var connection =
                                SocketConnection.connect(SocketChannel.open(), to, Deadline.after(WAIT))) {
                            var said = new byte[] {1, 2, 3, 4, (byte) round};
                            connection.write(said, 0, said.length);
                            if (Arrays.equals(said, read(connection, 6, new Random(round)))) {
                                good++;
                            }
                        }
                    }
                    return good;
                });
            }
            for (var client : clients) {
                assertEquals(500, get(client));
            }
        }
    }

    /// Nobody was woken for what the thread has made ready: it looked as if it would soon be free itself.
    @Test
    void aThreadThatKeepsItsCarrierHoldsUpNobody() throws Exception {
        Kind.FAIR.run(() -> {
            var other = Kind.FAIR.start(() -> 0);
            while (!other.isDone()) {
                Thread.onSpinWait(); // gives the carrier to nobody
            }
            return 0;
        });
        try (var pair = Pair.open(Kind.FAIR)) {
            var reader = Kind.FAIR.start(() -> pair.a.read(new byte[10], 0, 10));
            Kind.FAIR.run(() -> {
                pair.b.write(new byte[1], 0, 1);
                while (!reader.isDone()) {
                    Thread.onSpinWait();
                }
                return 0;
            });
            assertEquals(1, get(reader));
        }
    }
}
