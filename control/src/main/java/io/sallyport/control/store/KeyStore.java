package io.sallyport.control.store;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// The tables `teams` and `api_keys`. Knows hashes, never keys.
///
/// - **Threads**: any.
public final class KeyStore {
    private final Jdbi jdbi;

    public KeyStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// The team a key that is not revoked belongs to.
    public Optional<UUID> teamOf(byte[] keyHash) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT team_id FROM api_keys WHERE hash = :hash AND revoked_at IS NULL")
                        .bind("hash", keyHash)
                        .mapTo(UUID.class)
                        .findOne());
    }

    /// Adds a key to the team of that name, which is made where there is none.
    public void add(String team, byte[] keyHash) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("INSERT INTO teams (name) VALUES (:name) ON CONFLICT (name) DO NOTHING")
                    .bind("name", team)
                    .execute();
            handle.createUpdate("""
                            INSERT INTO api_keys (team_id, hash) SELECT id, :hash FROM teams WHERE name = :name
                            ON CONFLICT (hash) DO NOTHING
                            """).bind("name", team).bind("hash", keyHash).execute();
        });
    }
}
