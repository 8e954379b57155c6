package io.sallyport.gateway.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.host.HostAgentClient;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.dial.Tunnel;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Lane;
import io.sallyport.wire.tls.Role;
import io.sallyport.wire.tls.TlsDialer;
import io.sallyport.wire.tls.TlsIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Reaches sandboxes through tunnels to their agents, one TCP connection each: no stream waits for another's
/// bytes.
///
/// - **Threads**: any.
/// - **Limits**: [Spares] for each agent and lane: a crowd of previews does not hold up a terminal.
/// - **Closes**: [#close()] the spare connections; tunnels belong to whoever opened them.
public final class TunnelDialer implements SandboxDialer, Closeable {
    private final TlsIdentity identity;
    private final Map<Way, Spares> agents = new ConcurrentHashMap<>();

    private record Way(String host, Lane lane) {}

    public TunnelDialer(TlsIdentity identity) {
        this.identity = identity;
    }

    @Override
    public Dialled dial(Target to, Deadline deadline) {
        var agent =
                agents.computeIfAbsent(new Way(to.host(), Lane.of(to.port())), way -> new Spares(dialer(way.host())));
        // The time is for reaching the app; shaking hands with the agent has its own.
        var wait = deadline.remaining();
        try {
            return Tunnel.open(agent.take(), to, Deadline.after(wait));
        } catch (IOException e) {
            return new Dialled.Failed(e);
        }
    }

    @Override
    public Listening listening(Target to, Deadline deadline) throws IOException {
        var agent = dialer(to.host());
        try {
            return new HostAgentClient(to.host(), () -> agent.dial(deadline)).listening(to.sandbox());
        } catch (HostException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private TlsDialer dialer(String host) {
        int colon = host.lastIndexOf(':');
        return new TlsDialer(
                identity, host.substring(0, colon), Integer.parseInt(host.substring(colon + 1)), Role.AGENT);
    }

    @Override
    public void close() {
        agents.values().forEach(Spares::close);
    }

    /// A connection that became useless while it was spare is told from a good one before it is used.
    static Optional<Connection> good(Connection spare) {
        try {
            if (spare.readNow(new byte[1], 0, 1) == 0) {
                return Optional.of(spare);
            }
        } catch (IOException e) {
            // It was cut.
        }
        spare.close();
        return Optional.empty();
    }
}
