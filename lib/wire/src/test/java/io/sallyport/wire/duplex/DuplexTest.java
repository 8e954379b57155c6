package io.sallyport.wire.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.wire.duplex.Duplex.Ended;
import io.sallyport.wire.duplex.Duplex.Reason;
import io.sallyport.wire.testing.SocketPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DuplexTest {
    private SocketPair a;
    private SocketPair b;

    @BeforeEach
    void open() throws Exception {
        a = SocketPair.open();
        b = SocketPair.open();
    }

    @AfterEach
    void close() throws Exception {
        a.close();
        b.close();
    }

    @Test
    void copiesBothWaysAndPassesHalfClosesOn() throws Exception {
        var tunnel = run(Duration.ofSeconds(10));
        a.send("question");
        a.peer().shutdownOutput();
        assertEquals("question", b.receiveAll());
        b.send("a long answer");
        b.peer().shutdownOutput();
        assertEquals("a long answer", a.receiveAll());
        assertEquals(new Ended(Reason.FINISHED, 8, 13), tunnel.get(10, TimeUnit.SECONDS));
    }

    @Test
    void carriesMoreThanItsBuffers() throws Exception {
        var tunnel = run(Duration.ofSeconds(10));
        var text = "0123456789abcdef".repeat(1 << 17);
        var sender = Thread.ofVirtual().start(() -> {
            try {
                a.send(text);
                a.peer().shutdownOutput();
                b.peer().shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertEquals(text, b.receiveAll());
        sender.join();
        assertEquals(text.length(), tunnel.get(10, TimeUnit.SECONDS).aToBBytes());
    }

    @Test
    void endsWhenNothingMoves() throws Exception {
        var tunnel = run(Duration.ofMillis(200));
        a.send("x");
        assertEquals("x", b.receive(1));
        assertEquals(new Ended(Reason.IDLE, 1, 0), tunnel.get(10, TimeUnit.SECONDS));
        assertEquals("", a.receive(1));
    }

    @Test
    void closesBothWhenOneBreaks() throws Exception {
        var tunnel = run(Duration.ofSeconds(10));
        a.peer().setSoLinger(true, 0);
        a.peer().close();
        assertEquals(Reason.BROKEN, tunnel.get(10, TimeUnit.SECONDS).reason());
        assertEquals("", b.receive(1));
    }

    private CompletableFuture<Ended> run(Duration idle) {
        return CompletableFuture.supplyAsync(
                () -> Duplex.run(a.ours(), b.ours(), idle),
                task -> Thread.ofVirtual().start(task));
    }
}
