package io.sallyport.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.net.Connection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DialTurnsTest {
    private static final int DIALS = 16;

    private final DialTurns turns = new DialTurns();
    private final Destination.Sandbox to =
            new Destination.Sandbox(SandboxId.random(), new Port(3000), "box.test", Dialect.STANDARD);

    @Test
    void whoComesLateGetsTheFirstConnectionThatIsFreeAndTheNextATurnToDial() throws Exception {
        var dialling = new ArrayList<DialTurns.Turn>();
        for (int i = 0; i < DIALS; i++) {
            var turn = turns.enter(to);
            assertTrue(turn.await(Optional::empty).isEmpty());
            dialling.add(turn);
        }
        var first = waiting();
        var second = waiting();

        var freed = connection();
        assertTrue(turns.give(to, freed), "somebody waits");
        assertSame(freed, first.get(2, TimeUnit.SECONDS).orElseThrow());
        assertFalse(second.isDone());

        dialling.removeFirst().close();
        assertTrue(second.get(2, TimeUnit.SECONDS).isEmpty(), "its turn to dial");

        dialling.forEach(DialTurns.Turn::close);
        assertFalse(turns.give(to, freed), "nobody waits");
    }

    @Test
    void aConnectionThatIsThereIsTaken() {
        var free = connection();
        try (var turn = turns.enter(to)) {
            assertEquals(Optional.of(free), turn.await(() -> Optional.of(free)));
        }
    }

    /// One that stands in line.
    private CompletableFuture<Optional<HttpClient>> waiting() throws InterruptedException {
        var got = new CompletableFuture<Optional<HttpClient>>();
        var thread = Thread.ofVirtual().start(() -> {
            try (var turn = turns.enter(to)) {
                got.complete(turn.await(Optional::empty));
            }
        });
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return got;
    }

    private static HttpClient connection() {
        var nothing = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> null);
        return new HttpClient(nothing, HttpLimits.DEFAULT);
    }
}
