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
        Instant endAt) {
    public Sandbox {
        metadata = Map.copyOf(metadata);
    }
}
