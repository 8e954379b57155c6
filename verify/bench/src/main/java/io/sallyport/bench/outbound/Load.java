package io.sallyport.bench.outbound;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The process that asks. It connects, says that it is ready, and then measures in phases.
///
/// - **Closes**: ends it.
final class Load implements Closeable {
    private static final String READY = "ready";
    private static final String COUNTED = "counted ";

    private final Process process;
    private final BufferedReader said;
    private final BufferedWriter commands;

    private Load(Process process) {
        this.process = process;
        this.said = process.inputReader();
        this.commands = process.outputWriter();
    }

    /// Starts it, and waits until it is ready.
    ///
    /// @throws IOException with what it said, when an answer was not as it should be
    static Load start(List<String> command) throws IOException {
        var load =
                new Load(new ProcessBuilder(command).redirectErrorStream(true).start());
        try {
            load.awaitReady();
            return load;
        } catch (IOException e) {
            load.close();
            throw e;
        }
    }

    void awaitReady() throws IOException {
        var line = line();
        if (!line.equals(READY)) {
            throw new IOException("load: " + line);
        }
    }

    /// Runs a phase, and gives what it has counted, by name.
    ///
    /// @throws IOException with what it said, when an answer was not as it should be
    Map<String, Double> phase() throws IOException {
        commands.write("\n");
        commands.flush();
        var line = line();
        if (!line.startsWith(COUNTED)) {
            throw new IOException("load: " + line);
        }
        var words = line.substring(COUNTED.length()).split(" ", -1);
        var counted = new LinkedHashMap<String, Double>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            counted.put(words[i], Double.valueOf(words[i + 1]));
        }
        return counted;
    }

    private String line() throws IOException {
        return Objects.requireNonNullElse(said.readLine(), "ended");
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
