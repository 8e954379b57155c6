package io.sallyport.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Route;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.FairThreads;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who waits for whom in a gateway that has much to do.
final class LaneTest {
    private static final int WAIT_MS = 10_000;
    private static final Duration BUSY = Duration.ofMillis(1500);
    private static final Duration AT_ONCE = Duration.ofMillis(500);
    private static final int MANY = 32;

    /// A half is fair, and a thirty-third is what one connection in so many gets.
    private static final int SHARE = 8;

    private static final Duration SETTLE = Duration.ofMillis(500);
    private static final Duration MEASURE = Duration.ofMillis(1500);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Port PREVIEW = new Port(3000);

    private final FakeControl control = new FakeControl();
    private final SandboxId sandbox = control.add(Route.RUNNING);
    private ScriptedApp app;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        app = ScriptedApp.answering(OK);
        gateway = start(AccessLimits.DEFAULT);
    }

    private Gateway start(AccessLimits access) throws IOException {
        var config = new GatewayConfig(
                List.of(Loopback.v4(0)),
                Map.of("box.test", Dialect.STANDARD),
                List.of(),
                Set.of(),
                HttpServer.Config.DEFAULT,
                access,
                ForwardLimits.DEFAULT,
                Optional.empty(),
                Optional.empty());
        return Gateway.start(config, control, new ToApp(), deadline -> {
            throw new ConnectException("no API in this test");
        });
    }

    private final class ToApp implements SandboxDialer {
        @Override
        public Dialled dial(Target to, Deadline deadline) {
            try {
                return new Dialled.Connected(SocketConnection.connect(SocketChannel.open(), app.address(), deadline));
            } catch (IOException e) {
                return new Dialled.Refused();
            }
        }

        @Override
        public Listening listening(Target to, Deadline deadline) {
            return new Listening(List.of(), List.of());
        }
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        app.close();
    }

    private Socket connect() throws IOException {
        var client = new Socket();
        client.connect(gateway.address(), WAIT_MS);
        client.setSoTimeout(WAIT_MS);
        return client;
    }

    private static void say(Socket client, SandboxId sandbox, Port port) throws IOException {
        var request = "GET /x HTTP/1.1\r\nHost: " + port + "-" + sandbox + ".box.test\r\n\r\n";
        client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void hear(Socket client) throws IOException {
        var answer = new String(client.getInputStream().readNBytes(OK.length()), StandardCharsets.ISO_8859_1);
        assertEquals(OK, answer);
    }

    @Test
    void aTerminalIsAnsweredWhileBulkLeavesNobodyATurn() throws Exception {
        try (var terminal = connect();
                var preview = connect()) {
            say(terminal, sandbox, Port.GUEST);
            hear(terminal);
            say(preview, sandbox, PREVIEW);
            hear(preview);
            long over = System.nanoTime() + BUSY.toNanos();
            var threads = holdEveryCarrier(over);
            long asked = System.nanoTime();
            say(preview, sandbox, PREVIEW);
            say(terminal, sandbox, Port.GUEST);
            hear(terminal);
            var took = Duration.ofNanos(System.nanoTime() - asked);
            assertTrue(took.compareTo(AT_ONCE) < 0, "the terminal waited " + took);
            hear(preview);
            assertTrue(System.nanoTime() >= over, "the preview waited, else the carriers were not held");
            for (var thread : threads) {
                thread.join();
            }
        }
    }

    /// Virtual threads that do not make way before `untilNanos`, one for each carrier.
    private static List<Thread> holdEveryCarrier(long untilNanos) throws InterruptedException {
        int carriers = Math.max(2, Runtime.getRuntime().availableProcessors());
        var held = new CountDownLatch(carriers);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < carriers; i++) {
            threads.add(FairThreads.builder().start(() -> {
                held.countDown();
                while (System.nanoTime() < untilNanos) {
                    Thread.onSpinWait();
                }
            }));
        }
        held.await();
        return threads;
    }

    @Test
    void previewsDoNotUseUpWhatATerminalMay() throws IOException {
        gateway.close();
        gateway = start(new AccessLimits(10, 1));
        try (var preview = connect();
                var terminal = connect()) {
            say(preview, sandbox, PREVIEW);
            hear(preview);
            say(preview, sandbox, PREVIEW);
            var refused = new String(preview.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            assertEquals("HTTP/1.1 429", refused);
            say(terminal, sandbox, Port.GUEST);
            hear(terminal);
        }
    }

    @Test
    void aSandboxWithManyDownloadsLeavesAnotherItsShare() throws Exception {
        app.close();
        var piece = new byte[256 << 10];
        app = ScriptedApp.start((connection, talk) -> {
            var _ = talk.readRequest();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + (1L << 40) + "\r\n\r\n");
            while (true) {
                talk.say(piece);
            }
        });
        var other = control.add(Route.RUNNING);
        var ofMany = new AtomicLong();
        var ofOne = new AtomicLong();
        var clients = new ArrayList<Socket>();
        try {
            for (int i = 0; i < MANY; i++) {
                clients.add(download(sandbox, ofMany));
            }
            clients.add(download(other, ofOne));
            Thread.sleep(SETTLE); // what is measured is a rate, for which time has to pass
            long manyBefore = ofMany.get();
            long oneBefore = ofOne.get();
            Thread.sleep(MEASURE);
            long many = ofMany.get() - manyBefore;
            long one = ofOne.get() - oneBefore;
            assertTrue(one * SHARE >= many + one, "one has " + one + " bytes, " + MANY + " have " + many);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    /// Downloads without end, and counts.
    private Socket download(SandboxId from, AtomicLong counted) throws IOException {
        var client = connect();
        say(client, from, PREVIEW);
        Thread.ofPlatform().daemon().start(() -> {
            var buffer = new byte[256 << 10];
            try {
                for (int n = 0; n >= 0; n = client.getInputStream().read(buffer)) {
                    counted.addAndGet(n);
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        return client;
    }
}
