package io.sallyport.agent.inbound;

import io.sallyport.agent.sandbox.Sandboxes;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.netns.Netns;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;

/// Dials 127.0.0.1, then ::1, inside the sandbox's network namespace; never the ports of its way out.
public final class NetnsDialer implements SandboxDialer {
    private final Sandboxes sandboxes;

    public NetnsDialer(Sandboxes sandboxes) {
        this.sandboxes = sandboxes;
    }

    @Override
    public Dialled dial(Target to, Deadline deadline) {
        if (EgressPorts.ALL.contains(to.port())) {
            return new Dialled.Refused();
        }
        var sandbox = to.sandbox();
        var netns = sandboxes.netnsOfRunning(sandbox);
        if (netns.isEmpty()) {
            return new Dialled.NotRunning();
        }
        try {
            for (var address : List.of(
                    Loopback.v4(to.port().number()), Loopback.v6(to.port().number()))) {
                var dialled = dial(netns.get(), address, deadline);
                if (dialled instanceof Dialled.Connected(var connection)) {
                    sandboxes.answered(sandbox, to.port());
                    return sandboxes
                            .tie(sandbox, connection)
                            .<Dialled>map(Dialled.Connected::new)
                            .orElseGet(Dialled.NotRunning::new);
                }
            }
            return new Dialled.Refused();
        } catch (IOException e) {
            return sandboxes.netnsOfRunning(sandbox).isEmpty() ? new Dialled.NotRunning() : new Dialled.Failed(e);
        }
    }

    @Override
    public Listening listening(Target to, Deadline deadline) throws IOException {
        try {
            return sandboxes.listening(to.sandbox());
        } catch (HostException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Dialled dial(Netns netns, InetSocketAddress address, Deadline deadline) throws IOException {
        try {
            return new Dialled.Connected(netns.dial(address, deadline));
        } catch (ConnectException | BindException e) {
            // The latter is how ::1 shows where IPv6 is switched off.
            return new Dialled.Refused();
        }
    }
}
