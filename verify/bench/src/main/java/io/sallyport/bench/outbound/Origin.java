package io.sallyport.bench.outbound;

import io.sallyport.bench.Certificate;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The one server outside: HTTPS on 127.0.0.1, with a P-256 certificate for each name that is asked for.
///
/// - **Closes**: ends its process.
final class Origin implements Closeable {
    private static final String LISTENING = "listening ";

    private final Path directory;
    private final Process process;
    private final int port;

    private Origin(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    static Origin start(Path program, Path home) throws IOException {
        var directory = Files.createDirectory(home.resolve("origin"));
        Certificate.create(directory, "origin");
        var command = List.of(
                "env",
                "GOMAXPROCS=1",
                program.toString(),
                "-mode",
                "origin",
                "-ca",
                directory.resolve("cert.pem").toString(),
                "-key",
                directory.resolve("key.pem").toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var line = process.inputReader().readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            process.destroy();
            throw new IOException("the origin did not start: " + line);
        }
        return new Origin(directory, process, Integer.parseInt(line.substring(LISTENING.length())));
    }

    int port() {
        return port;
    }

    /// What its certificates are verified with.
    Path authority() {
        return directory.resolve("cert.pem");
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
