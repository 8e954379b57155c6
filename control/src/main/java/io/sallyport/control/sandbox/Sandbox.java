package io.sallyport.control.sandbox;

import io.sallyport.kit.SandboxId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// What the control plane knows of a sandbox.
///
/// @param autoPause whether it is paused, and not killed, when its time is over
/// @param startedAt when it last began to run
/// @param endAt when its time is over; for a paused one, when it was paused
/// @param host where its agent takes tunnels, `name:port`; empty in one process
public record Sandbox(
        SandboxId id,
        UUID team,
        String template,
        SandboxState state,
        Map<String, String> metadata,
        boolean autoPause,
        int cpus,
        int memoryMiB,
        Instant startedAt,
        Instant endAt,
        String host,
        Access access) {
    public Sandbox {
        metadata = Map.copyOf(metadata);
    }

    /// How it is reached from outside where a port has no rule of its own.
    ///
    /// @param isPublic whether everybody may who knows the address
    /// @param maskHost what apps are told their host is, `${PORT}` for the port; empty: what the client said
    public record Access(boolean isPublic, String maskHost) {
        public static final Access PUBLIC = new Access(true, "");
    }
}
