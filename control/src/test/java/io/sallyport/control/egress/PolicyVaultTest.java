package io.sallyport.control.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyVaultTest {
    private static final EgressPolicy POLICY = new EgressPolicy(
            Mode.OPEN,
            null,
            null,
            null,
            null,
            List.of(
                    new Transform("a.example", Map.of("x-key", "hush-one", "x-other", "")),
                    new Transform("b.example", Map.of("x-key", "Bearer ${e2b.secrets.NAME}\u00e9"))),
            null,
            new Proxy("p.example:1080", "me", "hush-two"),
            true,
            false);

    private final PolicyVault vault = new PolicyVault(new Sealed(new byte[Sealed.KEY_BYTES]));
    private final SandboxId sandbox = SandboxId.random();

    @Test
    void passwordAndHeadersLieSealedAndOpenAgain() throws Exception {
        var stored = vault.write(sandbox, POLICY);
        assertFalse(stored.contains("hush") || stored.contains("NAME"), stored);
        assertEquals(POLICY, vault.read(sandbox, stored));
    }

    @Test
    void nothingOpensForAnotherSandbox() {
        var stored = vault.write(sandbox, POLICY);
        assertThrows(Sealed.BrokenException.class, () -> vault.read(SandboxId.random(), stored));
    }

    @ParameterizedTest
    @CsvSource({"p.example, q.example", "a.example, c.example", "x-key, x-kez"})
    void nothingOpensInAnotherPlaceOfThePolicy(String here, String there) {
        var stored = vault.write(sandbox, POLICY);
        assertThrows(Sealed.BrokenException.class, () -> vault.read(sandbox, stored.replace(here, there)));
    }

    @Test
    void aValueThatWasPutThereUnsealedIsNotTaken() {
        assertThrows(Sealed.BrokenException.class, () -> vault.read(sandbox, PolicyJson.write(POLICY)));
    }
}
