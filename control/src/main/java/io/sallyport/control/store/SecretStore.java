package io.sallyport.control.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// The table `egress_secrets`. Knows sealed values only.
///
/// - **Threads**: any.
public final class SecretStore {
    private final Jdbi jdbi;

    public SecretStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// What a secret is, but for its value.
    ///
    /// @param placeholder what stands for it inside sandboxes
    /// @param host the one it is for, with `scheme` and `port`
    public record Binding(String name, String placeholder, String host, String scheme, int port) {}

    /// A secret as it is stored. Prints redacted.
    public record StoredSecret(UUID team, Binding binding, byte[] sealed, Instant createdAt) {
        @Override
        public String toString() {
            return "StoredSecret[" + binding.name() + "]";
        }
    }

    /// False when the team has one of that name.
    public boolean insert(UUID team, Binding binding, byte[] sealed) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                INSERT INTO egress_secrets (team_id, name, sealed, placeholder, host, scheme, port)
                                VALUES (:team, :name, :sealed, :placeholder, :host, :scheme, :port)
                                ON CONFLICT (team_id, name) DO NOTHING
                                """)
                        .bind("team", team)
                        .bind("name", binding.name())
                        .bind("sealed", sealed)
                        .bind("placeholder", binding.placeholder())
                        .bind("host", binding.host())
                        .bind("scheme", binding.scheme())
                        .bind("port", binding.port())
                        .execute())
                == 1;
    }

    /// A team's secrets by name.
    public List<StoredSecret> of(UUID team) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT * FROM egress_secrets WHERE team_id = :team ORDER BY name")
                        .bind("team", team)
                        .map((row, context) -> read(row))
                        .list());
    }

    /// Those of the names that there are.
    public List<StoredSecret> of(UUID team, Collection<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM egress_secrets WHERE team_id = :team AND name IN (<names>) ORDER BY name")
                .bind("team", team)
                .bindList("names", List.copyOf(names))
                .map((row, context) -> read(row))
                .list());
    }

    /// False when there is none of that name.
    public boolean delete(UUID team, String name) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "DELETE FROM egress_secrets WHERE team_id = :team AND name = :name")
                        .bind("team", team)
                        .bind("name", name)
                        .execute())
                == 1;
    }

    private static StoredSecret read(ResultSet row) throws SQLException {
        return new StoredSecret(
                row.getObject("team_id", UUID.class),
                new Binding(
                        row.getString("name"),
                        row.getString("placeholder"),
                        row.getString("host"),
                        row.getString("scheme"),
                        row.getInt("port")),
                row.getBytes("sealed"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
