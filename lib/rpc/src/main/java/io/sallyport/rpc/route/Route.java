package io.sallyport.rpc.route;

import io.sallyport.kit.Port;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a gateway needs to know of one sandbox.
///
/// @param state `running`, or why it cannot be reached: `paused`, `killed`
/// @param host where its agent takes tunnels, `name:port`; empty in one process
/// @param visibility of ports that have no rule of their own
/// @param trafficTokenHash SHA-256 of the token that opens all its ports, in hexadecimal
/// @param profile of ports that have none of their own; null: none is known
/// @param ports the ports that have a rule
public record Route(
        String state,
        String host,
        Visibility visibility,
        String trafficTokenHash,
        @Nullable HeaderProfile profile,
        List<PortRule> ports) {
    public static final String RUNNING = "running";

    public Route(
            String state,
            @Nullable String host,
            @Nullable Visibility visibility,
            @Nullable String trafficTokenHash,
            @Nullable HeaderProfile profile,
            @Nullable List<PortRule> ports) {
        this.state = state;
        this.host = Objects.requireNonNullElse(host, "");
        this.visibility = Objects.requireNonNullElse(visibility, Visibility.PRIVATE);
        this.trafficTokenHash = Objects.requireNonNullElse(trafficTokenHash, "");
        this.profile = profile;
        this.ports = ports == null ? List.of() : List.copyOf(ports);
    }

    /// Who may reach a port without showing anything.
    public enum Visibility {
        /// Everybody who knows its address.
        PUBLIC,
        /// Nobody.
        PRIVATE
    }

    /// What is special about a port.
    ///
    /// @param visibility null: the sandbox's
    /// @param profile null: none is known
    public record PortRule(
            int port,
            @Nullable Visibility visibility,
            @Nullable HeaderProfile profile) {}

    public boolean running() {
        return state.equals(RUNNING);
    }

    public Visibility visibilityOf(int port) {
        for (var rule : ports) {
            if (rule.port() == port && rule.visibility() != null) {
                return rule.visibility();
            }
        }
        return visibility;
    }

    /// The profile of a port; that of the guest daemon is always to keep what the client said.
    public HeaderProfile profileOf(int port) {
        if (port == Port.GUEST.number()) {
            return HeaderProfile.KEEP;
        }
        for (var rule : ports) {
            if (rule.port() == port && rule.profile() != null) {
                return rule.profile();
            }
        }
        return profile == null ? HeaderProfile.KEEP : profile;
    }
}
