package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Large bodies through the gateway: whole, and without the platform growing.
final class BulkTest {
    private static final Testbed BED = Testbed.get();
    private static final int COUNT = 2048;
    private static final long GROWTH_MIB_MAX = 64;

    private static Installation.Sandbox sandbox;

    @BeforeAll
    static void startServer() {
        sandbox = BED.create();
        Apps.python(sandbox, "bulk.py", 3000);
        Testbed.eventually(
                Duration.ofSeconds(20),
                "bulk.py listens",
                () -> BED.get(sandbox, 3000, "/1").status() == 200);
    }

    @Test
    void twoGibibytesUpAndDownArriveWholeWithFlatMemory() throws Exception {
        warmUp();
        long before = HostTruth.residentKiB(ProcessHandle.current().pid()) >> 10;
        var up = Bulk.upload(BED.http(), sandbox.host(3000), COUNT);
        long afterUp = HostTruth.residentKiB(ProcessHandle.current().pid()) >> 10;
        var down = Bulk.download(BED.http(), sandbox.host(3000), COUNT);
        long afterDown = HostTruth.residentKiB(ProcessHandle.current().pid()) >> 10;
        Files.writeString(
                Testbed.output("bulk.txt"),
                "resident MiB: before %d, after 2 GiB up %d, after 2 GiB down %d%n"
                        .formatted(before, afterUp, afterDown));
        assertEquals(Bulk.sha256(COUNT), up);
        assertEquals(Bulk.sha256(COUNT), down);
        assertTrue(afterUp - before < GROWTH_MIB_MAX, "grew by " + (afterUp - before) + " MiB up");
        assertTrue(afterDown - before < GROWTH_MIB_MAX, "grew by " + (afterDown - before) + " MiB down");
    }

    /// Lets buffers and code reach their size before the memory is looked at.
    private static void warmUp() throws IOException {
        for (int i = 0; i < 3; i++) {
            Bulk.download(BED.http(), sandbox.host(3000), 64);
        }
    }
}
