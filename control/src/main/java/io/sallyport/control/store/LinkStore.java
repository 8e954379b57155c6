package io.sallyport.control.store;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// The table `share_links`. Knows which links were made, never what opens them.
///
/// - **Threads**: any.
public final class LinkStore {
    private final Jdbi jdbi;

    public LinkStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// A link that was made.
    public record StoredLink(
            String id, SandboxId sandbox, Port port, Instant createdAt, Instant expiresAt, boolean revoked) {}

    public void insert(String id, SandboxId sandbox, Port port, Instant expiresAt) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO share_links (id, sandbox_id, port, expires_at) VALUES (:id, :sandbox, :port, :expires)
                        """)
                .bind("id", id)
                .bind("sandbox", sandbox.text())
                .bind("port", port.number())
                .bind("expires", expiresAt.atOffset(ZoneOffset.UTC))
                .execute());
    }

    public Optional<StoredLink> find(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM share_links WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne());
    }

    /// The links of a sandbox that are not over, newest first.
    public List<StoredLink> of(SandboxId sandbox, Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT * FROM share_links
                        WHERE sandbox_id = :sandbox AND expires_at > :now AND revoked_at IS NULL
                        ORDER BY created_at DESC, id
                        """)
                .bind("sandbox", sandbox.text())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .map((row, context) -> read(row))
                .list());
    }

    /// False when there is no such link, or it was revoked before.
    public boolean revoke(SandboxId sandbox, String id) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE share_links SET revoked_at = now()
                                WHERE id = :id AND sandbox_id = :sandbox AND revoked_at IS NULL
                                """)
                        .bind("id", id)
                        .bind("sandbox", sandbox.text())
                        .execute())
                == 1;
    }

    private static StoredLink read(ResultSet row) throws SQLException {
        return new StoredLink(
                row.getString("id"),
                new SandboxId(row.getString("sandbox_id")),
                new Port(row.getInt("port")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getObject("revoked_at", OffsetDateTime.class) != null);
    }
}
