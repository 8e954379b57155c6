package io.sallyport.control.store;

import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.kit.SandboxId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The way out in the table `sandboxes`.
///
/// - **Threads**: any.
public final class EgressStore {
    private final Jdbi jdbi;

    public EgressStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /// The way out of a new sandbox. Prints redacted.
    ///
    /// @param policy as JSON
    /// @param network the same in the words of the e2b client, as JSON; null where it was not said so
    /// @param door whether it has a way out at all
    public record NewEgress(String policy, @Nullable String network, boolean door) {
        @Override
        public String toString() {
            return "NewEgress[door=" + door + "]";
        }
    }

    /// A way out as it is stored. Prints redacted.
    ///
    /// @param epoch of the session token
    /// @param generation of the policy
    public record StoredEgress(
            UUID team,
            SandboxState state,
            String policy,
            @Nullable String network,
            boolean door,
            long epoch,
            long generation) {
        @Override
        public String toString() {
            return "StoredEgress[" + state + ", door=" + door + ", generation=" + generation + "]";
        }
    }

    public Optional<StoredEgress> find(SandboxId id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT team_id, state, egress_policy, egress_network, egress_door, egress_epoch, egress_generation
                        FROM sandboxes WHERE id = :id
                        """)
                .bind("id", id.text())
                .map((row, context) -> read(row))
                .findOne());
    }

    /// Replaces the policy of a sandbox that has not ended; false when it has, or when its policy is not the one of
    /// `generation` any more.
    public boolean replace(SandboxId id, long generation, String policy, @Nullable String network) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE sandboxes SET egress_policy = :policy::jsonb, egress_network = :network::jsonb,
                                    egress_generation = egress_generation + 1
                                WHERE id = :id AND egress_generation = :generation AND state NOT IN ('KILLING', 'KILLED')
                                """)
                        .bind("id", id.text())
                        .bind("generation", generation)
                        .bind("policy", policy)
                        .bind("network", network)
                        .execute())
                == 1;
    }

    /// Ends the session token that is in use and gives the epoch of the next one; empty when the sandbox has ended.
    public OptionalLong rotate(SandboxId id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        UPDATE sandboxes SET egress_epoch = egress_epoch + 1
                        WHERE id = :id AND state NOT IN ('KILLING', 'KILLED') RETURNING egress_epoch
                        """)
                .bind("id", id.text())
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty));
    }

    private static StoredEgress read(ResultSet row) throws SQLException {
        return new StoredEgress(
                row.getObject("team_id", UUID.class),
                SandboxState.valueOf(row.getString("state")),
                row.getString("egress_policy"),
                row.getString("egress_network"),
                row.getBoolean("egress_door"),
                row.getLong("egress_epoch"),
                row.getLong("egress_generation"));
    }
}
