package io.sallyport.control.store;

import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.kit.SandboxId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The table `sandboxes`.
///
/// - **Threads**: any. A state changes only from the state the caller saw, so of two callers one wins.
public final class SandboxStore {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private final Jdbi jdbi;

    public SandboxStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// What to list. Empty means: all.
    ///
    /// @param metadata pairs that must all be there
    /// @param after where the page before this one ended
    public record Query(
            UUID team,
            Set<SandboxState> states,
            Map<String, String> metadata,
            String template,
            @Nullable Instant startedAfter,
            boolean ascending,
            @Nullable Position after,
            int limit) {
        public Query withLimit(int other) {
            return new Query(team, states, metadata, template, startedAfter, ascending, after, other);
        }
    }

    /// A place in the listing, stable while sandboxes come and go.
    public record Position(Instant startedAt, String id) {}

    public void insert(Sandbox sandbox, EgressStore.NewEgress egress) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO sandboxes
                            (id, team_id, template, state, metadata, auto_pause, cpus, memory_mib, started_at, end_at, host,
                             is_public, mask_host, egress_policy, egress_network, egress_door)
                        VALUES (:id, :team, :template, :state, :metadata::jsonb, :autoPause, :cpus, :memory, :started, :end,
                             :host, :isPublic, :maskHost, :egressPolicy::jsonb, :egressNetwork::jsonb, :egressDoor)
                        """)
                .bind("id", sandbox.id().text())
                .bind("team", sandbox.team())
                .bind("template", sandbox.template())
                .bind("state", sandbox.state().name())
                .bind("metadata", JSON.writeValueAsString(sandbox.metadata()))
                .bind("autoPause", sandbox.autoPause())
                .bind("cpus", sandbox.cpus())
                .bind("memory", sandbox.memoryMiB())
                .bind("started", utc(sandbox.startedAt()))
                .bind("end", utc(sandbox.endAt()))
                .bind("host", sandbox.host())
                .bind("isPublic", sandbox.access().isPublic())
                .bind("maskHost", sandbox.access().maskHost())
                .bind("egressPolicy", egress.policy())
                .bind("egressNetwork", egress.network())
                .bind("egressDoor", egress.door())
                .execute());
    }

    public Optional<Sandbox> find(SandboxId id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM sandboxes WHERE id = :id")
                .bind("id", id.text())
                .map((row, context) -> read(row))
                .findOne());
    }

    /// Sandboxes that are, or should be, on a host.
    public List<Sandbox> notKilled(String host) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT * FROM sandboxes WHERE state <> 'KILLED' AND host = :host")
                        .bind("host", host)
                        .map((row, context) -> read(row))
                        .list());
    }

    /// Running sandboxes whose time is over, and those whose end has begun.
    public List<Sandbox> expired(Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM sandboxes WHERE (state = 'RUNNING' AND end_at <= :now) OR state = 'KILLING'")
                .bind("now", utc(now))
                .map((row, context) -> read(row))
                .list());
    }

    public List<Sandbox> list(Query query) {
        var sql = new StringBuilder("SELECT * FROM sandboxes WHERE team_id = :team AND state IN (<states>)"
                + " AND metadata @> :metadata::jsonb");
        if (!query.template().isEmpty()) {
            sql.append(" AND template = :template");
        }
        if (query.startedAfter() != null) {
            sql.append(" AND started_at >= :startedAfter");
        }
        var order = query.ascending() ? "ASC" : "DESC";
        if (query.after() != null) {
            sql.append(" AND (started_at, id) ")
                    .append(query.ascending() ? ">" : "<")
                    .append(" (:afterStarted, :afterId)");
        }
        sql.append(" ORDER BY started_at ")
                .append(order)
                .append(", id ")
                .append(order)
                .append(" LIMIT :limit");
        return jdbi.withHandle(handle -> {
            var statement = handle.createQuery(sql)
                    .bind("team", query.team())
                    .bindList("states", query.states().stream().map(Enum::name).toList())
                    .bind("metadata", JSON.writeValueAsString(query.metadata()))
                    .bind("template", query.template())
                    .bind("limit", query.limit());
            if (query.startedAfter() != null) {
                statement.bind("startedAfter", utc(query.startedAfter()));
            }
            if (query.after() != null) {
                statement
                        .bind("afterStarted", utc(query.after().startedAt()))
                        .bind("afterId", query.after().id());
            }
            return statement.map((row, context) -> read(row)).list();
        });
    }

    public int countRunning(UUID team) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM sandboxes WHERE team_id = :team AND state = 'RUNNING'")
                .bind("team", team)
                .mapTo(Integer.class)
                .one());
    }

    /// Changes the state; false when it is not `from` any more.
    public boolean move(SandboxId id, SandboxState from, SandboxState to) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "UPDATE sandboxes SET state = :to WHERE id = :id AND state = :from")
                        .bind("id", id.text())
                        .bind("from", from.name())
                        .bind("to", to.name())
                        .execute())
                == 1;
    }

    /// Changes the state of a running sandbox whose time is over; false when it was given more, or does not
    /// run.
    public boolean moveExpired(SandboxId id, SandboxState to, Instant now) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "UPDATE sandboxes SET state = :to WHERE id = :id AND state = 'RUNNING' AND end_at <= :now")
                        .bind("id", id.text())
                        .bind("to", to.name())
                        .bind("now", utc(now))
                        .execute())
                == 1;
    }

    /// Changes the state and says from when to when the sandbox runs.
    public boolean move(SandboxId id, SandboxState from, SandboxState to, Instant startedAt, Instant endAt) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE sandboxes SET state = :to, started_at = :started, end_at = :end
                                WHERE id = :id AND state = :from
                                """)
                        .bind("id", id.text())
                        .bind("from", from.name())
                        .bind("to", to.name())
                        .bind("started", utc(startedAt))
                        .bind("end", utc(endAt))
                        .execute())
                == 1;
    }

    /// Sets when a running sandbox's time is over; false when it is not running.
    public boolean setEnd(SandboxId id, Instant endAt) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "UPDATE sandboxes SET end_at = :end WHERE id = :id AND state = 'RUNNING'")
                        .bind("id", id.text())
                        .bind("end", utc(endAt))
                        .execute())
                == 1;
    }

    /// Puts the end of a running sandbox off, never nearer; false when it is not running.
    public boolean extendEnd(SandboxId id, Instant endAt) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE sandboxes SET end_at = greatest(end_at, :end)
                                WHERE id = :id AND state = 'RUNNING'
                                """)
                        .bind("id", id.text())
                        .bind("end", utc(endAt))
                        .execute())
                == 1;
    }

    private static Sandbox read(ResultSet row) throws SQLException {
        return new Sandbox(
                new SandboxId(row.getString("id")),
                row.getObject("team_id", UUID.class),
                row.getString("template"),
                SandboxState.valueOf(row.getString("state")),
                JSON.readValue(row.getString("metadata"), STRINGS),
                row.getBoolean("auto_pause"),
                row.getInt("cpus"),
                row.getInt("memory_mib"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("end_at", OffsetDateTime.class).toInstant(),
                row.getString("host"),
                new Sandbox.Access(row.getBoolean("is_public"), row.getString("mask_host")));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
