package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Inputs made from the corpus, always the same ones. See [FuzzBatch].
final class FuzzTest {
    private static final long SEED = 9112;

    @Test
    void aHundredThousandInputsAreReadOrRefused() throws Exception {
        run(100_000, Duration.ofMinutes(1), Path.of("target", "fuzz-summary.txt"));
    }

    @Test
    @Tag("all")
    void tenMillionInputsAreReadOrRefused() throws Exception {
        run(10_000_000, Duration.ofMinutes(20), Path.of("target", "fuzz-summary-all.txt"));
    }

    /// Fails when it takes longer than `wait`: then some input is never read to its end.
    private static void run(int inputs, Duration wait, Path summary)
            throws IOException, InterruptedException, ExecutionException {
        var batches = new ArrayList<FuzzBatch>();
        for (int batch = 0; batch < inputs / FuzzBatch.INPUTS; batch++) {
            batches.add(new FuzzBatch(SEED + batch));
        }
        int processors = Runtime.getRuntime().availableProcessors();
        long from = System.nanoTime();
        var tally = new FuzzBatch.Tally(0, 0, 0, 0);
        var threads = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("fuzz-", 0).factory());
        try {
            for (var batch : threads.invokeAll(batches, wait.toSeconds(), TimeUnit.SECONDS)) {
                tally = tally.plus(batch.get());
            }
        } finally {
            threads.shutdownNow();
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        write(summary, tally, processors, seconds);
        assertEquals(inputs, tally.inputs());
        assertTrue(tally.accepted() > inputs / 20, tally.toString());
        assertTrue(tally.refused() > inputs / 20, tally.toString());
        assertTrue(tally.cut() > inputs / 50, tally.toString());
    }

    private static void write(Path summary, FuzzBatch.Tally tally, int processors, double seconds) throws IOException {
        Files.writeString(
                summary,
                "inputs %d%naccepted %d%nrefused %d%ncut %d%nseconds %.1f%nprocessors %d%ninputs/s %.0f%n"
                        .formatted(
                                tally.inputs(),
                                tally.accepted(),
                                tally.refused(),
                                tally.cut(),
                                seconds,
                                processors,
                                tally.inputs() / seconds));
    }
}
