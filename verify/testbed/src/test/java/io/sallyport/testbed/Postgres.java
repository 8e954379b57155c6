package io.sallyport.testbed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A PostgreSQL that belongs to nobody but the test, which can kill it and start it again.
final class Postgres implements Closeable {
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private EmbeddedPostgres server;
    private boolean running = true;

    Postgres(Path directory) throws IOException {
        this.directory = directory;
        this.port = Testbed.freePort();
        this.server = launch();
    }

    void start() throws IOException {
        server = launch();
        running = true;
    }

    private EmbeddedPostgres launch() throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("synchronous_commit", "on") // or what was committed last is lost with a killed server
                .setServerConfig("shared_buffers", "16MB")
                .start();
    }

    boolean running() {
        return running;
    }

    String url() {
        return "postgres://postgres@127.0.0.1:" + port + "/postgres";
    }

    /// Kills the server and waits until its processes have gone.
    void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data().resolve("postmaster.pid")).getFirst().strip());
        var postmaster = ProcessHandle.of(pid).orElseThrow();
        var children = postmaster.children().toList();
        postmaster.destroyForcibly();
        running = false;
        Testbed.eventually(
                STOP_WAIT,
                "the database ends",
                () -> HostTruth.ended(pid) && children.stream().allMatch(child -> HostTruth.ended(child.pid())));
        server.close(); // lets go of the directory
    }

    private Path data() {
        return directory.resolve("data");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
