package io.sallyport.relay.transparent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.transparent.NameCheck.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NameCheckTest {
    private static final Decision ALLOWED = new Decision.Allowed();

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Decision> answer = new AtomicReference<>(ALLOWED);
    private final NameCheck check = new NameCheck(
            name -> {
                asked.incrementAndGet();
                return answer.get();
            },
            now::get);

    @Test
    void believesAnAnswerForFiveSeconds() {
        assertEquals(ALLOWED, check.of("a"));
        answer.set(new Decision.Denied("host_denied", ""));
        now.addAndGet(NameCheck.KEPT.toNanos() - 1);
        assertEquals(ALLOWED, check.of("a"));
        now.addAndGet(1);
        assertEquals(answer.get(), check.of("a"));
        assertEquals(2, asked.get());
    }

    @Test
    void asksAgainAfterAnOutage() {
        answer.set(new Decision.Undecided("down"));
        assertEquals(answer.get(), check.of("a"));
        answer.set(ALLOWED);
        assertEquals(ALLOWED, check.of("a"));
    }

    @Test
    void keepsSoManyAnswers() {
        for (int i = 0; i <= NameCheck.NAMES_MAX; i++) {
            check.of("n" + i);
        }
        check.of("n" + NameCheck.NAMES_MAX);
        assertEquals(NameCheck.NAMES_MAX + 1, asked.get());
        check.of("n0");
        assertEquals(NameCheck.NAMES_MAX + 2, asked.get());
    }

    @Test
    void manyWhoAskAtOnceCostOneQuestion() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var slow = new NameCheck(
                name -> {
                    asked.incrementAndGet();
                    begun.countDown();
                    try {
                        assertTrue(go.await(10, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return ALLOWED;
                },
                now::get);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> slow.of("a"));
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            List<Callable<Decision>> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                others.add(() -> slow.of("a"));
            }
            var waiting = new ArrayList<java.util.concurrent.Future<Decision>>();
            for (var other : others) {
                waiting.add(threads.submit(other));
            }
            go.countDown();
            assertEquals(ALLOWED, first.get(10, TimeUnit.SECONDS));
            for (var one : waiting) {
                assertEquals(ALLOWED, one.get(10, TimeUnit.SECONDS));
            }
        }
        assertEquals(1, asked.get());
    }
}
