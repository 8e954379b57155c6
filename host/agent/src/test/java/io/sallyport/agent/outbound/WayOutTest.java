package io.sallyport.agent.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.SandboxSpec;
import io.sallyport.rpc.host.SandboxSpec.Resources;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WayOutTest {
    private static final SandboxId ID = SandboxId.random();

    private final WayOut wayOut = new WayOut((sandbox, connection) -> connection.close());

    @TempDir
    private Path upper;

    @Test
    void theTokenIsForRootAloneFromItsFirstByteOn() throws Exception {
        wayOut.leaveToken(spec(new SandboxSpec.Egress("secret", true, false)), upper);
        var file = upper.resolve("run/sallyport/session_token");
        assertEquals("secret", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        for (var directory : List.of(upper.resolve("run"), upper.resolve("run/sallyport"))) {
            assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        }
    }

    @Test
    void nothingThatIsThereIsWrittenThrough() throws Exception {
        var elsewhere = Files.writeString(upper.resolve("elsewhere"), "untouched");
        Files.createDirectories(upper.resolve("run/sallyport"));
        Files.createSymbolicLink(upper.resolve("run/sallyport/session_token"), elsewhere);
        var spec = spec(new SandboxSpec.Egress("secret", true, false));
        assertThrows(FileAlreadyExistsException.class, () -> wayOut.leaveToken(spec, upper));
        assertEquals("untouched", Files.readString(elsewhere));
    }

    @Test
    void aSandboxWithoutAWayOutIsGivenNothing() throws Exception {
        wayOut.leaveToken(spec(null), upper);
        assertFalse(Files.exists(upper.resolve("run")));
        assertEquals(List.of(), wayOut.environment(spec(null)));
    }

    @Test
    void theGatesSayWhatIsWantedAndNeverTheToken() {
        var environment = wayOut.environment(spec(new SandboxSpec.Egress("secret", false, true)));
        assertEquals(
                List.of(
                        "SALLYPORT_REMOTE=1",
                        "SALLYPORT_UPSTREAM_PROXY=1",
                        "SALLYPORT_SESSION_ID=" + ID,
                        "SALLYPORT_EGRESS_REQUIRED=1",
                        "SALLYPORT_EGRESS_TRANSPARENT=0"),
                environment);
    }

    @Test
    void aSpecDoesNotPrintItsToken() {
        var text = spec(new SandboxSpec.Egress("secret", true, false)).toString();
        assertTrue(text.contains("egress="), text);
        assertFalse(text.contains("secret"), text);
    }

    @Test
    void thisMachineCanLeadEverythingToTheRelay() {
        assertEquals(Optional.empty(), TransparentRules.missing(), "bin/setup installs what it needs");
    }

    private static SandboxSpec spec(SandboxSpec.@Nullable Egress egress) {
        return new SandboxSpec(ID, "base", Resources.DEFAULT, Map.of(), "access", egress);
    }
}
