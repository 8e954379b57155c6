package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real browser opens the address a person would. The screenshot stays in `target/seen`.
final class BrowserTest {
    private static final Testbed BED = Testbed.get();
    private static final int WAIT_SECONDS = 60;

    @Test
    void chromiumShowsWhatTheSandboxServes(@TempDir Path profile) throws Exception {
        var sandbox = BED.create();
        BED.put(sandbox, "/home/user/hello.txt", "from inside");
        BED.startDetached(sandbox, "python3", "-m", "http.server", "3000");
        var url = "http://" + sandbox.host(3000) + ":" + BED.port() + "/";
        var screenshot = Testbed.output("http-server.png").toAbsolutePath();
        Files.deleteIfExists(screenshot);

        var page = chromium(profile, "--dump-dom", url);
        assertTrue(page.contains("Directory listing for /") && page.contains("hello.txt"), page);
        chromium(profile, "--screenshot=" + screenshot, "--window-size=800,400", url);
        assertTrue(Files.size(screenshot) > 2000, "a picture of something");
        BED.kill(sandbox);
    }

    private static String chromium(Path profile, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS), "chromium ends");
        return said;
    }
}
