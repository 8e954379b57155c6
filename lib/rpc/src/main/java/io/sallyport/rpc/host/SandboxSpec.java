package io.sallyport.rpc.host;

import io.sallyport.kit.SandboxId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a host needs to know to make a sandbox.
///
/// @param accessToken opens the guest daemon's door
/// @param egress its way out; null: it has none, and nothing inside tries to find one
public record SandboxSpec(
        SandboxId id,
        String template,
        Resources resources,
        Map<String, String> envVars,
        String accessToken,
        @Nullable Egress egress) {
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

    /// A way out. Prints redacted.
    ///
    /// @param token that the relay shows to the egress gateway
    /// @param transparent whether programs that know nothing of a proxy are led to the relay
    /// @param required whether nothing may start inside while the way out does not work
    public record Egress(String token, boolean transparent, boolean required) {
        @Override
        public String toString() {
            return "Egress[transparent=" + transparent + ", required=" + required + "]";
        }
    }

    @Override
    public String toString() {
        return "SandboxSpec[" + id + ", template=" + template + ", " + resources + ", egress=" + egress + "]";
    }
}
