package io.sallyport.control.store;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressSessions;
import io.sallyport.rpc.route.Routes;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Listens for what the triggers of the schema tell at every commit, and passes it on.
///
/// - **Threads**: one platform thread with a connection of its own. Watchers are called on it.
/// - **Limits**: a team's secrets are told of at most every [TeamTurns#GAP].
/// - **Errors**: a broken connection is opened again, every [#RETRY]; each time everything may have changed
///   meanwhile, which watchers are told. Those of the way out are told when it breaks, too: what is revoked from then
///   on is not heard of, so nothing may stay open because of what was known before.
/// - **Closes**: the owner.
///
/// @spec https://www.postgresql.org/docs/current/sql-notify.html NOTIFY
public final class Changes implements Closeable {
    private static final Logger LOG = System.getLogger(Changes.class.getName());
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final String SANDBOX = "sandbox ";
    private static final String SECRETS = "secrets ";
    /// Sandboxes in other states have no session, and are told of when they get one.
    private static final String WITH_SESSION = """
            SELECT id FROM sandboxes
            WHERE team_id = ? AND egress_door AND state IN ('CREATING', 'RUNNING', 'RESUMING')
            """;

    private final Database.Address address;
    private final List<Routes.Watcher> watchers = new CopyOnWriteArrayList<>();
    private final List<EgressSessions.Watcher> egressWatchers = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread listener = Thread.ofPlatform().daemon().name("changes").unstarted(this::run);
    private volatile @Nullable Connection connection;

    public Changes(Database.Address address) {
        this.address = address;
    }

    public void start() {
        listener.start();
    }

    /// Calls `watcher` from now on until the result is closed.
    public Closeable watch(Routes.Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /// Calls `watcher` from now on until the result is closed.
    public Closeable watch(EgressSessions.Watcher watcher) {
        egressWatchers.add(watcher);
        return () -> egressWatchers.remove(watcher);
    }

    private void run() {
        boolean said = false;
        while (closed.getCount() > 0) {
            try (var database = open()) {
                connection = database;
                said = false;
                watchers.forEach(Routes.Watcher::reset);
                egressWatchers.forEach(EgressSessions.Watcher::reset);
                listen(database);
            } catch (SQLException | RuntimeException | OutOfMemoryError e) { // whatever it is, it must be heard again
                if (closed.getCount() > 0 && !said) {
                    LOG.log(Level.WARNING, "changes are not heard until the database is back: {0}", e.getMessage());
                    said = true;
                    lost();
                }
            }
            pause();
        }
    }

    private void lost() {
        try {
            egressWatchers.forEach(EgressSessions.Watcher::reset);
        } catch (RuntimeException | OutOfMemoryError e) { // the listener must go on
            LOG.log(Level.ERROR, "the way out was not told that changes are not heard: {0}", e.toString());
        }
    }

    private Connection open() throws SQLException {
        var properties = new Properties();
        if (!address.user().isEmpty()) {
            properties.setProperty("user", address.user());
            properties.setProperty("password", address.password());
        }
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "sallyport changes");
        var database = DriverManager.getConnection(address.url(), properties);
        try (var statement = database.createStatement()) {
            statement.execute("LISTEN sallyport");
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    private void listen(Connection database) throws SQLException {
        var notifications = database.unwrap(PGConnection.class);
        var turns = new TeamTurns();
        while (closed.getCount() > 0) {
            var told = notifications.getNotifications(
                    (int) turns.wait(WAIT, System.nanoTime()).toMillis());
            if (told == null || told.length == 0) {
                check(database);
            } else {
                for (var one : told) {
                    tell(one.getParameter(), turns);
                }
            }
            for (var team : turns.take(System.nanoTime())) {
                tellSandboxes(team, database);
            }
        }
    }

    /// A connection whose other end is gone looks like a quiet one until somebody says something on it.
    private static void check(Connection database) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.setQueryTimeout((int) WAIT.toSeconds());
            statement.execute("SELECT 1");
        }
    }

    private void tell(String payload, TeamTurns turns) {
        var sandbox = payload.startsWith(SANDBOX)
                ? SandboxId.parse(payload.substring(SANDBOX.length()))
                : Optional.<SandboxId>empty();
        if (sandbox.isPresent()) {
            watchers.forEach(watcher -> watcher.changed(sandbox.get()));
            egressWatchers.forEach(watcher -> watcher.changed(sandbox.get()));
        } else if (payload.startsWith(SECRETS)) {
            turns.add(UUID.fromString(payload.substring(SECRETS.length())));
        } else {
            watchers.forEach(Routes.Watcher::credentialsChanged);
        }
    }

    private void tellSandboxes(UUID team, Connection database) throws SQLException {
        try (var statement = database.prepareStatement(WITH_SESSION)) {
            statement.setQueryTimeout((int) WAIT.toSeconds());
            statement.setObject(1, team);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    SandboxId.parse(rows.getString(1))
                            .ifPresent(sandbox -> egressWatchers.forEach(watcher -> watcher.changed(sandbox)));
                }
            }
        }
    }

    private void pause() {
        try {
            var _ = closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        var open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "changes: {0}", e.getMessage());
            }
        }
    }
}
