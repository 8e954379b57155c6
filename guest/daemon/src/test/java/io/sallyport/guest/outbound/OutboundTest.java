package io.sallyport.guest.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.guest.LogRing;
import io.sallyport.relay.boot.RelayBoot;
import io.sallyport.relay.boot.RelayConfig;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OutboundTest {
    /// A relay is wanted, and nobody said for which sandbox.
    private static final Map<String, String> BROKEN = Map.of("SALLYPORT_REMOTE", "1", "SALLYPORT_UPSTREAM_PROXY", "1");

    private static final Map<String, String> REQUIRED =
            Map.of("SALLYPORT_REMOTE", "1", "SALLYPORT_UPSTREAM_PROXY", "1", "SALLYPORT_EGRESS_REQUIRED", "1");

    @TempDir
    private Path directory;

    private final LogRing log = new LogRing();

    private Outbound outbound(Map<String, String> variables) {
        var outbound = new Outbound(new RelayBoot(RelayConfig.in(directory), variables, stop -> {}), log);
        outbound.start();
        return outbound;
    }

    @Test
    void aSandboxWithoutAWayOutRunsProcessesAtOnce() throws RpcException {
        assertEquals(Map.of(), outbound(Map.of()).environment());
    }

    @Test
    void aFailureIsInTheLogAndProcessesRun() throws RpcException {
        assertEquals(Map.of(), outbound(BROKEN).environment());
        var lines = new String(log.contents(), StandardCharsets.UTF_8);
        assertTrue(lines.contains("egress: no way out: gates: SALLYPORT_SESSION_ID: absent"), lines);
    }

    @Test
    void nothingRunsWhereTheWayOutIsRequired() {
        var e = assertThrows(RpcException.class, outbound(REQUIRED)::environment);
        assertEquals(RpcCode.UNAVAILABLE, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains("gates: SALLYPORT_SESSION_ID"), e.getMessage());
    }

    @Test
    void tellsItsState() throws RpcException {
        var outbound = outbound(BROKEN);
        outbound.environment();
        var status = new String(outbound.status(), StandardCharsets.UTF_8);
        assertTrue(status.contains("\"state\":\"failed\""), status);
    }
}
