package io.sallyport.wire.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FairThreadsTest {
    private static final int BUSY = 64;

    /// The JDK's own scheduler fails this.
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // making way for each other is what keeps others out
    void aNewThreadGetsItsTurnAmongOthersThatAreNeverDone() throws Exception {
        var over = new AtomicBoolean();
        var busy = new ArrayList<Thread>();
        var allRun = new CountDownLatch(BUSY);
        for (int i = 0; i < BUSY; i++) {
            busy.add(FairThreads.builder().start(() -> {
                allRun.countDown();
                while (!over.get()) {
                    Thread.yield();
                }
            }));
        }
        try {
            assertTrue(allRun.await(10, TimeUnit.SECONDS), "all started");
            var ran = new CountDownLatch(1);
            FairThreads.builder().start(ran::countDown);
            assertTrue(ran.await(2, TimeUnit.SECONDS), "the new one ran");
        } finally {
            over.set(true);
            for (var thread : busy) {
                thread.join();
            }
        }
    }

    @Test
    void whatSuchAThreadStartsIsOneToo() throws Exception {
        var started = new CountDownLatch(1);
        var carrier = new String[1];
        FairThreads.builder()
                .start(() -> Thread.ofVirtual().start(() -> {
                    carrier[0] = Thread.currentThread().toString();
                    started.countDown();
                }));
        assertTrue(started.await(2, TimeUnit.SECONDS));
        assertTrue(carrier[0].contains("carrier-"), carrier[0]);
    }
}
