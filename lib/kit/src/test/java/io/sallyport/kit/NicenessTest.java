package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NicenessTest {
    private static final int NICE_FIELD_BEHIND_THE_NAME = 16;

    @Test
    void isThatOfTheCallingThread() throws Exception {
        assertEquals("3", niceAfter(() -> Niceness.ofThisThread(3)));
        assertEquals("0", niceOf(Path.of("/proc/thread-self/stat")));
    }

    @Test
    void turnsAreThoseOfTheCallingThreadAndLeaveItsNiceness() throws Exception {
        assertEquals("4", niceAfter(() -> {
            Niceness.ofThisThread(4);
            Niceness.turnsOfThisThread(Duration.ofNanos(200_000));
            Niceness.turnsOfThisThread(Duration.ZERO);
        }));
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
