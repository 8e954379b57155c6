package io.sallyport.agent.inbound;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sallyport.agent.image.Templates;
import io.sallyport.agent.outbound.WayOut;
import io.sallyport.agent.runtime.OciRuntime;
import io.sallyport.agent.sandbox.Sandboxes;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.dial.SandboxDialer.Target;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetnsDialerTest {
    private static final Duration WAIT = Duration.ofSeconds(5);

    @Test
    void portsOfTheWayOutAreRefusedBeforeAnythingIsLookedAt(@TempDir Path home) {
        var wayOut = new WayOut((sandbox, connection) -> connection.close());
        var none = new Sandboxes(home, home, new OciRuntime("none", home), new Templates(home), wayOut);
        var dialer = new NetnsDialer(none);
        var sandbox = SandboxId.random();
        for (var port : EgressPorts.ALL) {
            assertInstanceOf(Dialled.Refused.class, dialer.dial(new Target("", sandbox, port), Deadline.after(WAIT)));
        }
        assertInstanceOf(
                Dialled.NotRunning.class, dialer.dial(new Target("", sandbox, new Port(8080)), Deadline.after(WAIT)));
    }
}
