package io.sallyport.egress;

import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.dial.OwnAddresses;
import io.sallyport.egress.dial.Upstream;
import io.sallyport.egress.intercept.InterceptionAuthority;
import io.sallyport.egress.intercept.UpstreamTls;
import io.sallyport.egress.session.Sessions;
import io.sallyport.egress.tunnel.Tunnels;
import io.sallyport.kit.Closer;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressAudit;
import io.sallyport.rpc.egress.EgressRecord;
import io.sallyport.rpc.egress.EgressSessions;
import io.sallyport.rpc.egress.EgressState;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.net.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// The egress gateway: the one way from a sandbox to the world.
///
/// ```
///   agent ─take─▶ TunnelEndpoint ─▶ Connector ─▶ Router ─▶ Upstream ─▶ the world
///                                      │           └── Sessions ◀── control plane
///                                      ├─▶ Carrier ─▶ Interceptor
///                                      └─▶ AuditLog
/// ```
///
/// - **Threads**: any.
/// - **Closes**: [#close()] cuts every tunnel and closes the log.
public final class EgressGateway implements EgressDoor, EgressAudit, Closeable {
    private final Closer closer;
    private final AuditLog audit;
    private final Sessions sessions;
    private final Tunnels tunnels;

    private EgressGateway(Closer closer, AuditLog audit, Sessions sessions, Tunnels tunnels) {
        this.closer = closer;
        this.audit = audit;
        this.sessions = sessions;
        this.tunnels = tunnels;
    }

    /// Opens the log and the authority, which are made where there are none, and starts watching the sessions.
    public static EgressGateway start(EgressConfig config, EgressSessions source) throws IOException {
        var closer = new Closer();
        try {
            var authority = InterceptionAuthority.open(config.authorityDirectory());
            var audit = closer.register(AuditLog.open(config.auditDirectory(), config.kept()));
            var sessions = closer.register(new Sessions(source, config.privateAllowed(), config.limits()));
            var upstream =
                    new Upstream(config.resolver(), config.sockets(), new OwnAddresses(), config.privateAllowed());
            var tls = new UpstreamTls(config.extraRoots());
            var tunnels = closer.register(new Tunnels(sessions, upstream, tls, authority, audit, config.idle()));
            return new EgressGateway(closer, audit, sessions, tunnels);
        } catch (IOException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    @Override
    public void take(SandboxId sandbox, Connection connection) {
        tunnels.take(sandbox, connection);
    }

    @Override
    public List<EgressRecord> read(SandboxId sandbox, long afterSeq, int max) throws IOException {
        return audit.read(sandbox, afterSeq, max);
    }

    @Override
    public EgressState state(SandboxId sandbox) {
        return sessions.state(sandbox);
    }

    @Override
    public void close() {
        closer.close();
    }
}
