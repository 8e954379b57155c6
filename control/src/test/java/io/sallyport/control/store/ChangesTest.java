package io.sallyport.control.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.store.SecretStore.Binding;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressSessions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ChangesTest {
    private static final int WAIT_SECONDS = 20;
    private static final String RESET = "reset";
    private static final byte[] SEALED = {1};

    private static EmbeddedPostgres server;
    private static Database database;
    private static Database.Address address;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final class Tell implements EgressSessions.Watcher {
        @Override
        public void changed(SandboxId sandbox) {
            told.add(sandbox.text());
        }

        @Override
        public void reset() {
            told.add(RESET);
        }
    }

    @BeforeAll
    static void startDatabase(@TempDir Path directory) throws Exception {
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("shared_buffers", "16MB")
                .start();
        address = new Database.Address(server.getJdbcUrl("postgres", "postgres"), "", "");
        database = Database.open(address);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
        server.close();
    }

    @Test
    void aSecretIsToldToItsTeamsRunningSandboxesOnly() throws Exception {
        var team = team();
        var running = Set.of(sandbox(team, "RUNNING"), sandbox(team, "CREATING"), sandbox(team, "RESUMING"));
        sandbox(team, "PAUSED");
        sandbox(team, "KILLED");
        var other = team();
        var neighbour = sandbox(other, "RUNNING");
        var secrets = new SecretStore(database);
        try (var changes = new Changes(address)) {
            var _ = changes.watch(new Tell());
            changes.start();
            assertEquals(RESET, next());
            assertTrue(secrets.insert(team, binding("github"), SEALED));
            assertEquals(running, Set.copyOf(List.of(next(), next(), next())));
            assertTrue(secrets.delete(team, "github"));
            assertEquals(running, Set.copyOf(List.of(next(), next(), next())));
            assertFalse(secrets.delete(team, "github"));
            assertTrue(secrets.insert(other, binding("github"), SEALED));
            assertEquals(neighbour, next(), "a row that was not there tells nobody");
        }
    }

    @Test
    void aBurstOfChangesIsToldOnceMore() throws Exception {
        var team = team();
        var sandbox = sandbox(team, "RUNNING");
        var other = team();
        var neighbour = sandbox(other, "RUNNING");
        try (var changes = new Changes(address)) {
            var _ = changes.watch(new Tell());
            changes.start();
            assertEquals(RESET, next());
            // One transaction, so that they come together: PostgreSQL itself joins those that are the same.
            execute("INSERT INTO egress_secrets SELECT t, 'n' || i, '\\x01', 'p', 'h', 'https', 443"
                    + " FROM generate_series(1, 100) i, unnest(ARRAY['" + team + "', '" + other + "']::uuid[]) t");
            var both = new HashSet<>(Set.of(sandbox, neighbour));
            assertTrue(both.remove(next()));
            assertTrue(both.remove(next()));
            for (int i = 1; i <= 50; i++) {
                execute("DELETE FROM egress_secrets WHERE team_id = '" + team + "' AND name = 'n" + i + "'");
            }
            assertEquals(sandbox, next());
            execute("NOTIFY sallyport, 'sandbox " + neighbour + "'");
            int more = 0;
            for (var one = next(); !one.equals(neighbour); one = next()) {
                more++;
            }
            assertTrue(more < 25, "told " + more + " times more");
        }
    }

    @Test
    void whenNobodyHearsOfChangesAnyMoreTheWayOutIsToldOnce() throws Exception {
        try (var broken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var changes = new Changes(
                        new Database.Address("jdbc:postgresql://127.0.0.1:" + broken.getLocalPort() + "/x", "", ""))) {
            var _ = changes.watch(new Tell());
            changes.start();
            for (int attempt = 0; attempt < 4; attempt++) {
                broken.accept().close();
            }
            assertEquals(RESET, next());
            assertEquals(0, told.size());
        }
    }

    private String next() throws InterruptedException {
        @Nullable String next = told.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private static Binding binding(String name) {
        return new Binding(name, "spsec_x", "api.example.com", "https", 443);
    }

    private static UUID team() {
        var team = UUID.randomUUID();
        execute("INSERT INTO teams (id, name) VALUES ('" + team + "', '" + team + "')");
        return team;
    }

    private static String sandbox(UUID team, String state) {
        var id = SandboxId.random().text();
        execute(
                "INSERT INTO sandboxes (id, team_id, template, state, metadata, auto_pause, cpus, memory_mib, started_at,"
                        + " end_at, egress_door) VALUES ('" + id + "', '" + team + "', 'base', '" + state
                        + "', '{}', false, 1, 1, now(), now(), true)");
        return id;
    }

    private static void execute(String sql) {
        database.jdbi().useHandle(handle -> handle.execute(sql));
    }
}
