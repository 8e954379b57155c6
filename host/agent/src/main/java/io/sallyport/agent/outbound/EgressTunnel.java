package io.sallyport.agent.outbound;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.dial.SandboxDialer.Target;
import io.sallyport.wire.dial.Tunnel;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.net.FairThreads;
import io.sallyport.wire.tls.TlsDialer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/// The door of an agent that runs apart from the egress gateway: one connection over mutual TLS for each that comes
/// out of a sandbox, `CONNECT cl-…:49984` on it, then bytes both ways.
///
/// - **Threads**: any; a virtual one for each connection.
/// - **Limits**: [#DIAL_WAIT] to the gateway; a tunnel ends after [#IDLE] without a byte.
/// - **Errors**: where the gateway cannot be reached, the sandbox's connection is closed. Its relay tries again.
public final class EgressTunnel implements EgressDoor {
    private static final Logger LOG = System.getLogger(EgressTunnel.class.getName());
    private static final Duration DIAL_WAIT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofHours(1);
    private static final Port DOOR = new Port(EgressPorts.DOOR);

    private final TlsDialer gateway;
    private final ThreadFactory threads =
            FairThreads.builder().name("egress-", 0).factory();

    /// A door that leads to the program `gateway` dials.
    public EgressTunnel(TlsDialer gateway) {
        this.gateway = gateway;
    }

    @Override
    public void take(SandboxId sandbox, Connection connection) {
        threads.newThread(() -> carry(sandbox, connection)).start();
    }

    private void carry(SandboxId sandbox, Connection connection) {
        try (connection) {
            var deadline = Deadline.after(DIAL_WAIT);
            var to = new Target("", sandbox, DOOR);
            switch (Tunnel.open(gateway.dial(deadline), to, deadline)) {
                case Dialled.Connected(var opened) -> {
                    try (var share = FairShare.of(sandbox, DOOR)) {
                        var _ = Duplex.run(connection, opened, IDLE, share);
                    }
                }
                case Dialled.Refused refused -> refused(sandbox, "there is no egress gateway");
                case Dialled.NotRunning notRunning -> refused(sandbox, "it is not known there");
                case Dialled.Failed(var e) -> refused(sandbox, String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            refused(sandbox, String.valueOf(e.getMessage()));
        }
    }

    private void refused(SandboxId sandbox, String why) {
        LOG.log(Level.WARNING, "{0} has no way out through {1}: {2}", sandbox, gateway, why);
    }
}
