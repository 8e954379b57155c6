package io.sallyport.control.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The tables `teams` and `api_keys`. Knows hashes, never keys.
///
/// - **Threads**: any.
public final class KeyStore {
    private final Jdbi jdbi;

    public KeyStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// A team.
    ///
    /// @param operator whether its keys may make teams and keys of other teams
    public record Team(UUID id, String name, boolean operator) {}

    /// A key that was made.
    ///
    /// @param revokedAt null while it opens
    public record StoredKey(
            UUID id,
            String team,
            String name,
            Instant createdAt,
            @Nullable Instant revokedAt) {}

    /// The team a key that is not revoked belongs to.
    public Optional<Team> teamOf(byte[] keyHash) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT t.id, t.name, t.operator FROM api_keys k JOIN teams t ON t.id = k.team_id
                        WHERE k.hash = :hash AND k.revoked_at IS NULL
                        """)
                .bind("hash", keyHash)
                .map((row, context) -> team(row))
                .findOne());
    }

    public Optional<Team> team(String name) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT id, name, operator FROM teams WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> team(row))
                .findOne());
    }

    public List<Team> teams() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT id, name, operator FROM teams ORDER BY name")
                .map((row, context) -> team(row))
                .list());
    }

    /// False when there is one of that name.
    public boolean addTeam(String name) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "INSERT INTO teams (name) VALUES (:name) ON CONFLICT (name) DO NOTHING")
                        .bind("name", name)
                        .execute())
                == 1;
    }

    public StoredKey add(Team team, String name, byte[] keyHash) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        INSERT INTO api_keys (team_id, name, hash) VALUES (:team, :name, :hash)
                        RETURNING id, :teamName AS team, name, created_at, revoked_at
                        """)
                .bind("team", team.id())
                .bind("teamName", team.name())
                .bind("name", name)
                .bind("hash", keyHash)
                .map((row, context) -> key(row))
                .one());
    }

    /// Makes sure that the installation's first team is there and that a key opens it.
    public void ensureOperator(String team, byte[] keyHash) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            INSERT INTO teams (name, operator) VALUES (:name, true)
                            ON CONFLICT (name) DO UPDATE SET operator = true
                            """).bind("name", team).execute();
            handle.createUpdate("""
                            INSERT INTO api_keys (team_id, name, hash) SELECT id, 'first', :hash FROM teams WHERE name = :name
                            ON CONFLICT (hash) DO NOTHING
                            """).bind("name", team).bind("hash", keyHash).execute();
        });
    }

    /// The keys of a team, oldest first.
    public List<StoredKey> keys(Team team) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT k.id, t.name AS team, k.name, k.created_at, k.revoked_at
                        FROM api_keys k JOIN teams t ON t.id = k.team_id WHERE t.id = :team ORDER BY k.created_at, k.id
                        """)
                .bind("team", team.id())
                .map((row, context) -> key(row))
                .list());
    }

    /// Revokes a key, of `team` only unless that is null; false when there is none that opens.
    public boolean revoke(UUID id, @Nullable UUID team) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE api_keys SET revoked_at = now()
                                WHERE id = :id AND revoked_at IS NULL AND (:team::uuid IS NULL OR team_id = :team::uuid)
                                """)
                        .bind("id", id)
                        .bindByType("team", team, UUID.class)
                        .execute())
                == 1;
    }

    private static Team team(ResultSet row) throws SQLException {
        return new Team(row.getObject("id", UUID.class), row.getString("name"), row.getBoolean("operator"));
    }

    private static StoredKey key(ResultSet row) throws SQLException {
        var revoked = row.getObject("revoked_at", OffsetDateTime.class);
        return new StoredKey(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("name"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                revoked == null ? null : revoked.toInstant());
    }
}
