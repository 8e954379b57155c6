package io.sallyport.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.SandboxSpec.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BundleTest {
    @Test
    void theDaemonsEnvironmentIsWhatItAlwaysHasAndWhatIsAdded() throws Exception {
        var plain = Bundle.config(SandboxId.random(), Resources.DEFAULT, List.of());
        assertTrue(plain.contains("\"LC_ALL=C.UTF-8\"],"), plain);
        var more = Bundle.config(SandboxId.random(), Resources.DEFAULT, List.of("A=1", "B=2"));
        assertTrue(more.contains("\"LC_ALL=C.UTF-8\", \"A=1\", \"B=2\"],"), more);
    }

    @Test
    void nothingInsideMayChangeTheNetwork() throws Exception {
        var config = Bundle.config(SandboxId.random(), Resources.DEFAULT, List.of());
        for (var right : List.of("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_BPF")) {
            assertFalse(config.split("\"seccomp\"", 2)[0].contains(right), right);
        }
    }

    @Test
    void noPlaceIsLeftOpen() throws Exception {
        assertFalse(
                Bundle.config(SandboxId.random(), Resources.DEFAULT, List.of()).contains("@ENVIRONMENT@"));
    }
}
