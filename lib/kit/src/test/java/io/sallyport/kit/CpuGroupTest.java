package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class CpuGroupTest {
    private static final Path HIERARCHY = Path.of("/sys/fs/cgroup/cpu");
    private static final String NAME =
            "sallyport-test-" + ProcessHandle.current().pid();

    @Test
    void aThreadJoinsAndItsProcessDoesNot() throws Exception {
        var group = CpuGroup.of(NAME, 2048);
        boolean expected = Files.isWritable(HIERARCHY.resolve("cpu.shares"));
        assertEquals(expected, group.isPresent(), "cgroup v1 and root, or neither");
        if (expected) {
            assertEquals(
                    "2048",
                    Files.readString(HIERARCHY.resolve(NAME + "/cpu.shares")).strip());
            var inside = groupSeenIn(group.get());
            assertTrue(inside.endsWith(":cpu:/" + NAME) || inside.endsWith(":cpu,cpuacct:/" + NAME), inside);
            assertFalse(Files.readString(Path.of("/proc/self/cgroup")).contains(NAME));
            awaitEmpty();
            Files.delete(HIERARCHY.resolve(NAME));
        }
    }

    /// A thread that has been joined may not be gone for the kernel yet.
    private static void awaitEmpty() throws Exception {
        var deadline = Deadline.after(Duration.ofSeconds(5));
        while (!Files.readString(HIERARCHY.resolve(NAME + "/tasks")).isEmpty()) {
            assertFalse(deadline.passed(), "still in the group");
            Thread.sleep(1);
        }
    }

    private static String groupSeenIn(CpuGroup group) throws Exception {
        var seen = new CompletableFuture<String>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                group.addThisThread();
                seen.complete(Files.readAllLines(Path.of("/proc/thread-self/cgroup")).stream()
                        .filter(line -> line.endsWith(NAME))
                        .findFirst()
                        .orElse("not in it"));
            } catch (IOException e) {
                seen.completeExceptionally(e);
            }
        });
        thread.join();
        return seen.join();
    }
}
