package io.sallyport.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/// The connection pool to PostgreSQL, its schema brought up to date.
///
/// - **Threads**: any.
/// - **Limits**: [#CONNECTIONS_MAX] connections; a caller waits at most [#CONNECT_WAIT] for one.
/// - **Closes**: the owner; statements under way fail.
public final class Database implements Closeable {
    private static final int CONNECTIONS_MAX = 10;
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);
    private static final String MIGRATIONS = "classpath:io/sallyport/control/store/migrations";

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /// Where the database is.
    ///
    /// @param url a JDBC URL, which may hold user and password
    public record Address(String url, String user, String password) {
        @Override
        public String toString() {
            return "Address[user=" + user + ", password=" + (password.isEmpty() ? "unset" : "set") + "]";
        }
    }

    public static Database open(Address address) {
        var config = new HikariConfig();
        config.setPoolName("sallyport");
        config.setJdbcUrl(address.url());
        if (!address.user().isEmpty()) {
            config.setUsername(address.user());
            config.setPassword(address.password());
        }
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_WAIT.toMillis());
        config.setInitializationFailTimeout(CONNECT_WAIT.toMillis());
        var pool = new HikariDataSource(config);
        try {
            Flyway.configure().dataSource(pool).locations(MIGRATIONS).load().migrate();
            return new Database(pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        pool.close();
    }
}
