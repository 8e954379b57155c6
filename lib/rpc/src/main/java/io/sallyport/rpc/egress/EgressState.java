package io.sallyport.rpc.egress;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The way out of one sandbox at this moment.
///
/// @param generation of the policy that decides; 0 where the gateway has not asked for it yet
/// @param openTunnels destinations that are connected now
/// @param relays WebSockets of the sandbox's relay
/// @param recentRefusals the last ones, the newest last; at most [#REFUSALS_MAX]
public record EgressState(long generation, int openTunnels, int relays, List<Refusal> recentRefusals) {
    public static final int REFUSALS_MAX = 32;

    public static final EgressState NOTHING = new EgressState(0, 0, 0, List.of());

    public EgressState(long generation, int openTunnels, int relays, @Nullable List<Refusal> recentRefusals) {
        this.generation = generation;
        this.openTunnels = openTunnels;
        this.relays = relays;
        this.recentRefusals = recentRefusals == null ? List.of() : List.copyOf(recentRefusals);
    }

    /// Something that did not get out.
    ///
    /// @param time as RFC 3339
    /// @param reason the id of an [EgressReason]
    /// @param host sanitised; as the sandbox asked for it
    public record Refusal(String time, String reason, String host, int port, String rule) {
        public Refusal(
                @Nullable String time,
                @Nullable String reason,
                @Nullable String host,
                int port,
                @Nullable String rule) {
            this.time = Objects.requireNonNullElse(time, "");
            this.reason = Objects.requireNonNullElse(reason, "");
            this.host = Objects.requireNonNullElse(host, "");
            this.port = port;
            this.rule = Objects.requireNonNullElse(rule, "");
        }
    }
}
