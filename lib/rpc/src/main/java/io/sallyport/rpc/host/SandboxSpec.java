package io.sallyport.rpc.host;

import io.sallyport.kit.SandboxId;
import java.util.Map;

/// What a host needs to know to make a sandbox.
///
/// @param accessToken opens the guest daemon's door
public record SandboxSpec(
        SandboxId id, String template, Resources resources, Map<String, String> envVars, String accessToken) {
    public SandboxSpec {
        envVars = Map.copyOf(envVars);
    }

    /// What a sandbox may use at most.
    ///
    /// @param cpus whole processors
    /// @param memoryMiB memory, in MiB, page cache included
    /// @param pids processes and threads
    public record Resources(int cpus, int memoryMiB, int pids) {
        public static final Resources DEFAULT = new Resources(2, 1024, 2048);
    }

    @Override
    public String toString() {
        return "SandboxSpec[" + id + ", template=" + template + ", " + resources + "]";
    }
}
