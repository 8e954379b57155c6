package io.sallyport.rpc.route;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an app on a port is told about where the request was sent to and comes from.
///
/// @param customHost what `Host` says where `host` is [Host#CUSTOM]; empty otherwise
/// @param pinned somebody chose it; it is not changed by what the gateway finds out
/// @param reason what was recognised, for people: `vite`
public record HeaderProfile(Host host, String customHost, Origin origin, boolean pinned, String reason) {
    public static final HeaderProfile KEEP = new HeaderProfile(Host.KEEP, "", Origin.KEEP, false, "");

    public HeaderProfile(
            @Nullable Host host,
            @Nullable String customHost,
            @Nullable Origin origin,
            boolean pinned,
            @Nullable String reason) {
        this.host = Objects.requireNonNullElse(host, Host.KEEP);
        this.customHost = Objects.requireNonNullElse(customHost, "");
        this.origin = Objects.requireNonNullElse(origin, Origin.KEEP);
        this.pinned = pinned;
        this.reason = Objects.requireNonNullElse(reason, "");
    }

    /// What `Host` says.
    public enum Host {
        /// What the client said.
        KEEP,
        /// `localhost` and the app's port.
        LOOPBACK,
        CUSTOM
    }

    /// What `Origin` says.
    public enum Origin {
        /// What the client said.
        KEEP,
        /// The origin that fits `Host`, where the client's fitted the public name.
        MATCH,
        /// Nothing.
        STRIP
    }
}
