package io.sallyport.control.store;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.PortTraffic;
import io.sallyport.rpc.route.Route.PortRule;
import io.sallyport.rpc.route.Route.Visibility;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The table `sandbox_ports`.
///
/// - **Threads**: any.
public final class PortStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Jdbi jdbi;

    public PortStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// A port as it is stored.
    ///
    /// @param exchanges requests the app answered, since the sandbox was made
    /// @param failed those it did not
    /// @param activeAt when the last one was answered; null: never
    public record StoredPort(
            int port,
            @Nullable Visibility visibility,
            @Nullable HeaderProfile profile,
            long exchanges,
            long failed,
            String lastOutcome,
            @Nullable Instant activeAt) {
        public PortRule rule() {
            return new PortRule(port, visibility, profile);
        }
    }

    public List<StoredPort> of(SandboxId sandbox) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT * FROM sandbox_ports WHERE sandbox_id = :id ORDER BY port")
                        .bind("id", sandbox.text())
                        .map((row, context) -> read(row))
                        .list());
    }

    /// The rules of the ports that have one.
    public List<PortRule> rules(SandboxId sandbox) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT * FROM sandbox_ports
                        WHERE sandbox_id = :id AND (visibility IS NOT NULL OR profile IS NOT NULL)
                        """)
                .bind("id", sandbox.text())
                .map((row, context) -> read(row).rule())
                .list());
    }

    /// Sets what somebody wants of a port; null values take the sandbox's, or what is found out.
    public void set(SandboxId sandbox, Port port, @Nullable Visibility visibility, @Nullable HeaderProfile profile) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO sandbox_ports (sandbox_id, port, visibility, profile)
                        VALUES (:id, :port, :visibility, :profile::jsonb)
                        ON CONFLICT (sandbox_id, port)
                        DO UPDATE SET visibility = excluded.visibility, profile = excluded.profile
                        """)
                .bind("id", sandbox.text())
                .bind("port", port.number())
                .bind("visibility", visibility == null ? null : visibility.name())
                .bind("profile", profile == null ? null : JSON.writeValueAsString(profile))
                .execute());
    }

    /// Keeps what was found out of a port, unless somebody has pinned something else.
    public void learn(SandboxId sandbox, Port port, HeaderProfile profile) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO sandbox_ports (sandbox_id, port, profile) VALUES (:id, :port, :profile::jsonb)
                        ON CONFLICT (sandbox_id, port) DO UPDATE SET profile = excluded.profile
                        WHERE (sandbox_ports.profile IS NULL OR sandbox_ports.profile ->> 'pinned' = 'false')
                            AND sandbox_ports.profile IS DISTINCT FROM excluded.profile
                        """)
                .bind("id", sandbox.text())
                .bind("port", port.number())
                .bind("profile", JSON.writeValueAsString(profile))
                .execute());
    }

    /// Adds traffic; what is told of a sandbox that does not exist is dropped, and what failed on a port that
    /// nothing is known of: strangers try them all.
    public void add(List<PortTraffic> traffic) {
        jdbi.useTransaction(handle -> {
            var ports = handle.prepareBatch("""
                    INSERT INTO sandbox_ports (sandbox_id, port, exchanges, failed, last_outcome, active_at)
                    SELECT :sandbox, :port, :exchanges, :failed, :outcome, :active
                    WHERE EXISTS (SELECT 1 FROM sandboxes WHERE id = :sandbox)
                        AND (:exchanges > 0
                            OR EXISTS (SELECT 1 FROM sandbox_ports WHERE sandbox_id = :sandbox AND port = :port))
                    ON CONFLICT (sandbox_id, port) DO UPDATE SET
                        exchanges = sandbox_ports.exchanges + excluded.exchanges,
                        failed = sandbox_ports.failed + excluded.failed,
                        last_outcome = excluded.last_outcome,
                        active_at = greatest(sandbox_ports.active_at, excluded.active_at)
                    """);
            var sandboxes = handle.prepareBatch(
                    "UPDATE sandboxes SET active_at = greatest(active_at, :active) WHERE id = :sandbox");
            for (var one : traffic) {
                var active = one.lastEpochMillis() == 0
                        ? null
                        : Instant.ofEpochMilli(one.lastEpochMillis()).atOffset(ZoneOffset.UTC);
                ports.bind("sandbox", one.sandbox())
                        .bind("port", one.port())
                        .bind("exchanges", one.exchanges())
                        .bind("failed", one.failed())
                        .bind("outcome", one.lastOutcome())
                        .bindByType("active", active, OffsetDateTime.class)
                        .add();
                if (active != null) {
                    sandboxes
                            .bind("sandbox", one.sandbox())
                            .bind("active", active)
                            .add();
                }
            }
            if (ports.size() > 0) {
                ports.execute();
            }
            if (sandboxes.size() > 0) {
                sandboxes.execute();
            }
        });
    }

    private static StoredPort read(ResultSet row) throws SQLException {
        var visibility = row.getString("visibility");
        var profile = row.getString("profile");
        var active = row.getObject("active_at", OffsetDateTime.class);
        return new StoredPort(
                row.getInt("port"),
                visibility == null ? null : Visibility.valueOf(visibility),
                profile == null ? null : JSON.readValue(profile, HeaderProfile.class),
                row.getLong("exchanges"),
                row.getLong("failed"),
                Objects.requireNonNull(row.getString("last_outcome")),
                active == null ? null : active.toInstant());
    }
}
