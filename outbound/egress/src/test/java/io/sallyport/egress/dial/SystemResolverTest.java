package io.sallyport.egress.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class SystemResolverTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final SandboxId greedy = SandboxId.random();
    private final SandboxId neighbour = SandboxId.random();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final AtomicInteger stuck = new AtomicInteger();

    /// A world in which the name servers of one domain do not answer.
    private InetAddress[] lookup(String name) throws UnknownHostException {
        if (name.equals("slow.test.")) {
            stuck.incrementAndGet();
            try {
                answering.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return new InetAddress[] {InetAddress.getByAddress(new byte[] {8, 8, 8, 8})};
    }

    private static HostName name(String text) {
        return HostName.parse(text).orElseThrow();
    }

    @Test
    void oneSandboxLeavesLookupsToTheOthers() throws Exception {
        var resolver = new SystemResolver(this::lookup);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = new ArrayList<Future<List<IpAddress>>>();
            for (int i = 0; i < 2 * SystemResolver.THREADS_MAX; i++) {
                waiting.add(threads.submit(
                        () -> resolver.resolve(greedy, name("slow.test"), Deadline.after(WAIT.multipliedBy(6)))));
            }
            awaitStuck();
            assertEquals(
                    "8.8.8.8",
                    resolver.resolve(neighbour, name("fast.test"), Deadline.after(WAIT))
                            .getFirst()
                            .text());
            assertEquals(SystemResolver.OF_ONE_SANDBOX_MAX, stuck.get());
            answering.countDown();
            for (var one : waiting) {
                assertEquals(1, one.get().size(), "who waits has its turn");
            }
        }
    }

    private void awaitStuck() {
        var deadline = Deadline.after(WAIT);
        while (stuck.get() < SystemResolver.OF_ONE_SANDBOX_MAX && !deadline.passed()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aLookupThatNobodyWaitsForStillCounts() throws Exception {
        var resolver = new SystemResolver(this::lookup);
        for (int i = 0; i < 2 * SystemResolver.OF_ONE_SANDBOX_MAX; i++) {
            assertThrows(
                    ResolveException.class, () -> resolver.resolve(greedy, name("slow.test"), Deadline.after(SHORT)));
        }
        assertEquals(SystemResolver.OF_ONE_SANDBOX_MAX, stuck.get());
        assertThrows(ResolveException.class, () -> resolver.resolve(greedy, name("fast.test"), Deadline.after(SHORT)));
        answering.countDown();
        assertEquals(
                1,
                resolver.resolve(greedy, name("fast.test"), Deadline.after(WAIT))
                        .size());
    }
}
