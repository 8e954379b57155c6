package io.sallyport.bench.pty;

import io.sallyport.bench.load.Entry;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Bulk both ways and small requests at an app, from a process of their own that uses one processor at most.
final class Loaded implements Closeable {
    private static final int WAIT_SECONDS = 30;
    private static final double BYTES_PER_MB = 1e6;

    private final Process process;
    private final BufferedReader said;

    private Loaded(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Starts it and waits until it is at work.
    static Loaded start(Path program, Entry app) throws IOException {
        var address = "127.0.0.1:" + app.address().getPort();
        var builder = new ProcessBuilder(program.toString(), "-mode", "load", "-next", address, "-host", app.host())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("GOMAXPROCS", "1");
        var loaded = new Loaded(builder.start());
        try {
            loaded.expect("loaded");
            return loaded;
        } catch (IOException e) {
            loaded.close();
            throw e;
        }
    }

    private List<String> expect(String word) throws IOException {
        var line = Waiting.forResult(Duration.ofSeconds(WAIT_SECONDS), said::readLine);
        var words = List.of(String.valueOf(line).split(" ", -1));
        if (!words.getFirst().equals(word)) {
            throw new IOException("the load says " + line + " (expected: " + word + ")");
        }
        return words;
    }

    /// Stops it. What it counted since it was at work, by the last parts of keys.
    Map<String, Double> stop() throws IOException {
        process.getOutputStream().close();
        var counted = expect("counted").stream().skip(1).map(Double::valueOf).toList();
        double seconds = counted.getFirst();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("download_mb_per_s", counted.get(1) / BYTES_PER_MB / seconds);
        figures.put("upload_mb_per_s", counted.get(2) / BYTES_PER_MB / seconds);
        figures.put("small_per_s", counted.get(3) / seconds);
        figures.put("load_errors", counted.get(4));
        return figures;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
