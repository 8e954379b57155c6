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

    /// Two sandboxes, one port, one loopback each; WebSocket and Server-Sent Events as a browser speaks them.
    @Test
    void chromiumSpeaksWithServersOnEitherLoopback(@TempDir Path profile) throws Exception {
        var first = BED.create();
        var second = BED.create();
        Apps.echo(first, 3000, "127.0.0.1");
        Apps.echo(second, 3000, "::1");
        for (var sandbox : List.of(first, second)) {
            var address = sandbox.equals(first) ? "127.0.0.1" : "::1";
            var origin = "http://" + sandbox.host(3000) + ":" + BED.port();
            var byCurl = HostTruth.run("curl", "-s", "--max-time", "20", "--path-as-is", origin + "/a/../b%2F");
            assertTrue(byCurl.contains("\"bound\":\"" + address + "\"") && byCurl.contains("/a/../b%2F"), byCurl);
            var page = chromium(profile, "--dump-dom", origin + "/page");
            assertTrue(page.contains("<p id=\"ws\">echoed by " + address), page);
            assertTrue(page.contains("<p id=\"sse\">event "), page);
            var screenshot = Testbed.output("page-" + (sandbox.equals(first) ? "v4" : "v6") + ".png")
                    .toAbsolutePath();
            chromium(profile, "--screenshot=" + screenshot, "--window-size=800,300", origin + "/page");
            assertTrue(Files.size(screenshot) > 2000, "a picture of something");
            BED.kill(sandbox);
        }
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
