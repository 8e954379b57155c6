package io.sallyport.app;

import io.sallyport.control.store.Database;
import io.sallyport.kit.AtomicFile;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A real PostgreSQL of our own, on a loopback port, its data kept under the platform's home.
///
/// The library that brings it means it for tests; for data that must last, writes are synchronous here and a
/// password is needed. A server that outlived a killed platform is stopped first.
///
/// - **Closes**: the platform, after everything that uses it.
final class EmbeddedDatabase implements Closeable {
    private static final String USER = "postgres";
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);
    private static final int PASSWORD_BYTES = 16;

    private final EmbeddedPostgres server;
    private final Database.Address address;

    private EmbeddedDatabase(EmbeddedPostgres server, Database.Address address) {
        this.server = server;
        this.address = address;
    }

    static EmbeddedDatabase start(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        var data = directory.resolve("data");
        stopOrphan(data);
        var passwordFile = directory.resolve("password");
        boolean first = !Files.exists(passwordFile);
        var password = first ? randomPassword() : Files.readString(passwordFile).strip();
        var builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_WAIT)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "40")
                .setServerConfig("shared_buffers", "16MB")
                .setConnectConfig("password", password);
        if (!first) {
            builder.setDataDirectoryCustomizer(files -> requirePassword(files.toPath()));
        }
        var server = builder.start();
        try {
            if (first) {
                setPassword(server, password);
                AtomicFile.write(passwordFile, password.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
                requirePassword(data);
                execute(server, "SELECT pg_reload_conf()");
            }
        } catch (SQLException e) {
            server.close();
            throw new IOException("embedded database: " + e.getMessage(), e);
        }
        var url = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
        return new EmbeddedDatabase(server, new Database.Address(url, USER, password));
    }

    Database.Address address() {
        return address;
    }

    private static String randomPassword() {
        var bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void setPassword(EmbeddedPostgres server, String hexadecimal) throws SQLException {
        execute(server, "ALTER ROLE " + USER + " PASSWORD '" + hexadecimal + "'");
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void requirePassword(Path data) {
        try {
            Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops a server that a killed platform left on these data. Its pid is believed only if that process serves them.
    private static void stopOrphan(Path data) throws IOException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        var orphan = ProcessHandle.of(pid)
                .filter(process -> process.info().commandLine().orElse("").contains(data.toString()));
        if (orphan.isEmpty()) {
            return;
        }
        var exit = orphan.get().onExit();
        orphan.get().destroy();
        try {
            exit.get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            orphan.get().destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
