package io.sallyport.testbed;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A headless Chromium. Every name below `localhost` and below `test` is this machine to it.
///
/// - **Threads**: any.
/// - **Closes**: whoever started it; its tabs end with it.
final class Chromium implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    private Chromium(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    private record Target(String webSocketDebuggerUrl) {}

    static Chromium start(Path profile) throws IOException {
        Apps.need("chromium", "chromium");
        var portFile = profile.resolve("DevToolsActivePort");
        var process = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=900,600",
                        "--host-resolver-rules=MAP *.test 127.0.0.1",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Testbed.eventually(WAIT, "chromium listens for DevTools", () -> port(portFile) > 0);
            return new Chromium(process, port(portFile));
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /// The port in the file, 0 as long as it is not there whole: two lines, the first is the port.
    private static int port(Path file) {
        try {
            var lines = Files.readAllLines(file);
            return lines.size() < 2 ? 0 : Integer.parseInt(lines.getFirst());
        } catch (IOException e) {
            return 0;
        }
    }

    /// A new, empty tab.
    Page page() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new"))
                .method("PUT", HttpRequest.BodyPublishers.noBody())
                .timeout(WAIT)
                .build();
        var answer = http.send(request, BodyHandlers.ofByteArray()).body();
        try {
            return new Page(
                    new DevTools(http, RecordJson.read(answer, Target.class).webSocketDebuggerUrl()));
        } catch (JsonException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        Testbed.eventually(WAIT, "chromium ends", () -> !process.isAlive());
        http.close();
    }
}
