package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The published `e2b` client of npm, unmodified, see `verify/e2b/check.mjs`.
final class E2bClientTest {
    private static final Testbed BED = Testbed.get();
    private static final Path DIRECTORY = Path.of("../e2b").toAbsolutePath().normalize();
    private static final int WAIT_SECONDS = 120;

    @Test
    void thePublishedClientWorks() throws Exception {
        if (!Files.isDirectory(DIRECTORY.resolve("node_modules/e2b"))) {
            HostTruth.run("npm", "--prefix", DIRECTORY.toString(), "ci", "--no-audit", "--no-fund");
        }
        var builder = new ProcessBuilder("node", "check.mjs")
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true);
        var url = "http://127.0.0.1:" + BED.port();
        builder.environment().put("E2B_API_KEY", BED.key().replace("spk_", "e2b_"));
        builder.environment().put("E2B_API_URL", url);
        builder.environment().put("E2B_SANDBOX_URL", url);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(0, process.exitValue(), said);
        assertEquals(17, said.lines().filter(line -> line.startsWith("ok ")).count(), said);
    }
}
