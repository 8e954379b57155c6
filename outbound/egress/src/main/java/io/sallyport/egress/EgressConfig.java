package io.sallyport.egress;

import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.dial.Resolver;
import io.sallyport.egress.dial.Sockets;
import io.sallyport.egress.dial.SystemResolver;
import io.sallyport.egress.session.Outlet;
import io.sallyport.wire.address.IpBlock;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// How an egress gateway is set up.
///
/// @param home under which it keeps its authority (`egress-ca`) and its log (`egress-audit`)
/// @param privateAllowed blocks that are not public, and that a policy may allow all the same
/// @param extraRoots authorities that hosts are believed with, beside those of the JDK
/// @param limits of one sandbox
/// @param kept of the log
/// @param idle how long a tunnel may be quiet
public record EgressConfig(
        Path home,
        List<IpBlock> privateAllowed,
        List<X509Certificate> extraRoots,
        Resolver resolver,
        Sockets sockets,
        Outlet.Limits limits,
        AuditLog.Kept kept,
        Duration idle) {
    private static final Duration IDLE = Duration.ofHours(1);

    public EgressConfig {
        privateAllowed = List.copyOf(privateAllowed);
        extraRoots = List.copyOf(extraRoots);
    }

    /// As it is where nobody says otherwise.
    public static EgressConfig in(Path home) {
        return new EgressConfig(
                home,
                List.of(),
                List.of(),
                new SystemResolver(),
                Sockets.SYSTEM,
                Outlet.Limits.DEFAULT,
                AuditLog.Kept.DEFAULT,
                IDLE);
    }

    public EgressConfig withPrivateAllowed(List<IpBlock> blocks) {
        return new EgressConfig(home, blocks, extraRoots, resolver, sockets, limits, kept, idle);
    }

    public EgressConfig withExtraRoots(List<X509Certificate> roots) {
        return new EgressConfig(home, privateAllowed, roots, resolver, sockets, limits, kept, idle);
    }

    public EgressConfig withResolver(Resolver other) {
        return new EgressConfig(home, privateAllowed, extraRoots, other, sockets, limits, kept, idle);
    }

    public EgressConfig withLimits(Outlet.Limits other) {
        return new EgressConfig(home, privateAllowed, extraRoots, resolver, sockets, other, kept, idle);
    }

    public Path authorityDirectory() {
        return home.resolve("egress-ca");
    }

    public Path auditDirectory() {
        return home.resolve("egress-audit");
    }
}
