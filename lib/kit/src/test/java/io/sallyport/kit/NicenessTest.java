package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NicenessTest {
    private static final int NICE_FIELD_BEHIND_THE_NAME = 16;

    @Test
    void isThatOfTheCallingThread() throws Exception {
        var own = niceOf(Path.of("/proc/thread-self/stat"));
        assertEquals("3", niceAfter(() -> Niceness.ofThisThread(3)));
        assertEquals(own, niceOf(Path.of("/proc/thread-self/stat")));
    }

    @Test
    void turnsAreThoseOfTheCallingThreadAndLeaveItsNiceness() throws Exception {
        assertEquals("4", niceAfter(() -> {
            Niceness.ofThisThread(4);
            Niceness.turnsOfThisThread(Duration.ofNanos(200_000));
        }));
    }

    /// What a kernel before 6.12 does not know it does not show.
    @Test
    void theKernelKnowsTheTurnUntilItIsItsOwnAgain() throws Exception {
        var own = turn();
        var set = new CompletableFuture<List<Optional<String>>>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Niceness.turnsOfThisThread(Duration.ofNanos(200_000));
                var shortened = turn();
                Niceness.turnsOfThisThread(Duration.ZERO);
                set.complete(List.of(shortened, turn()));
            } catch (Exception e) {
                set.completeExceptionally(e);
            }
        });
        assertEquals(List.of(own.map(_ -> "200000"), own), set.get(10, TimeUnit.SECONDS));
    }

    private static Optional<String> turn() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/thread-self/sched"))) {
            return lines.filter(line -> line.startsWith("se.slice"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }
    }

    private interface Setting {
        void apply() throws Exception;
    }

    private static String niceAfter(Setting setting) throws Exception {
        var nice = new CompletableFuture<String>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                setting.apply();
                nice.complete(niceOf(Path.of("/proc/thread-self/stat")));
            } catch (Exception e) {
                nice.completeExceptionally(e);
            }
        });
        return nice.get(10, TimeUnit.SECONDS);
    }

    private static String niceOf(Path stat) throws Exception {
        var text = Files.readString(stat);
        return text.substring(text.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD_BEHIND_THE_NAME];
    }
}
