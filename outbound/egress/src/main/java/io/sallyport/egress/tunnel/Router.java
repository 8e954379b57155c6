package io.sallyport.egress.tunnel;

import io.sallyport.egress.dial.Upstream;
import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.egress.intercept.UpstreamOpener;
import io.sallyport.egress.intercept.UpstreamTls;
import io.sallyport.egress.session.Interception;
import io.sallyport.egress.session.Judgement;
import io.sallyport.egress.session.Known;
import io.sallyport.egress.session.OpenTunnel;
import io.sallyport.egress.session.OpenTunnel.Way;
import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.session.Sessions;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.Verdict;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides about a tunnel and connects it.
///
/// ```
///   policy.connect ─▶ resolve, once ─▶ policy.address, of every answer ─▶ dial one of them ─▶ TLS with the host ─▶
/// Route
///                                      └─ one refused: all are ─┘                            └─ where intercepted ─┘
/// ```
///
/// Nothing is resolved for what the policy refuses by its name, and nothing is dialled that was not judged: the
/// address that is connected to is one of those that were looked at, whatever the name would lead to a moment later.
///
/// - **Threads**: any.
final class Router {
    private final Sessions sessions;
    private final Upstream upstream;
    private final UpstreamTls tls;

    Router(Sessions sessions, Upstream upstream, UpstreamTls tls) {
        this.sessions = sessions;
        this.upstream = upstream;
        this.tls = tls;
    }

    /// Opens connections for one tunnel.
    private interface Dial {
        Connection open() throws RefusedException;
    }

    /// Decides and connects; the connection is closed with the tunnel.
    ///
    /// @param said the scheme, where the relay says it
    /// @throws RefusedException with the first reason against it; what is known by then is in `trail`
    Route route(Outlet outlet, OpenTunnel tunnel, Optional<String> said, Trail trail) throws IOException {
        var sandbox = outlet.sandbox();
        var known = sessions.require(sandbox);
        var to = tunnel.destination();
        boolean lookedInto = Interception.isWanted(known, to);
        var candidates = Scheme.candidates(said, to, lookedInto);
        trail.scheme = candidates.getFirst();
        var scheme = choose(known.policy(), to, candidates, trail);
        trail.scheme = scheme;
        boolean sniffed = candidates.size() > 1;
        boolean inspected = lookedInto && !scheme.equals(Scheme.TCP);

        var proxy = known.policy().source().proxy();
        var addresses = addresses(outlet, known.policy(), to, scheme, trail);
        var connection = first(sandbox, tunnel, to, proxy, addresses, trail);
        var pinned =
                trail.address.isEmpty() ? null : IpAddress.parse(trail.address).orElse(null);
        tunnel.goes(new Way(scheme, true, pinned, proxy, inspected || (scheme.equals(Scheme.HTTP) && !sniffed)));

        Dial again = () -> dial(sandbox, to, proxy, pinned == null ? List.of() : List.of(pinned))
                .connection();
        UpstreamOpener plain = deadline -> attached(tunnel, again.open());
        UpstreamOpener encrypted = deadline -> tls.connect(attached(tunnel, again.open()), sandbox, to, deadline);
        boolean handshake = inspected && scheme.equals(Scheme.HTTPS);
        var ready =
                handshake ? tls.connect(connection, sandbox, to, Deadline.after(Upstream.CONNECT_WAIT)) : connection;
        confirm(sandbox, tunnel);
        return new Route(scheme, sniffed, lookedInto, known.permitted(), ready, handshake, plain, encrypted);
    }

    /// The first of the schemes that is allowed.
    private static String choose(CompiledPolicy policy, Destination to, List<String> candidates, Trail trail)
            throws RefusedException {
        var first = policy.connect(to, candidates.getFirst());
        for (var scheme : candidates) {
            if (policy.connect(to, scheme) instanceof Verdict.Allowed(var rule)) {
                trail.rule = rule;
                return scheme;
            }
        }
        return switch (first) {
            case Verdict.Refused(var reason, var rule) -> {
                trail.rule = rule;
                throw new RefusedException(reason, "");
            }
            case Verdict.Allowed allowed -> candidates.getFirst();
        };
    }

    /// The addresses that may be dialled; none where a proxy resolves the name.
    private List<IpAddress> addresses(Outlet outlet, CompiledPolicy policy, Destination to, String scheme, Trail trail)
            throws RefusedException {
        var found = switch (to.host()) {
            case IpAddress address -> List.of(address.unmapped());
            case HostName name ->
                policy.source().proxy() == null || Judgement.asksForAddresses(policy, trail.rule)
                        ? resolve(outlet, name, trail)
                        : List.<IpAddress>of();
        };
        for (var address : found) {
            trail.address = address.text();
            switch (policy.address(to, scheme, address)) {
                case Verdict.Refused(var reason, var rule) -> {
                    trail.rule = rule;
                    throw new RefusedException(reason, "");
                }
                case Verdict.Allowed(var rule) -> trail.rule = rule;
            }
            if (upstream.isOwn(address)) {
                trail.rule = "address of the gateway itself";
                throw new RefusedException(EgressReason.ADDRESS_BLOCKED, "");
            }
        }
        trail.address = "";
        return found;
    }

    private List<IpAddress> resolve(Outlet outlet, HostName name, Trail trail) throws RefusedException {
        if (trail.rule.equals(CompiledPolicy.PENDING) && !outlet.mayGuess()) {
            throw new RefusedException(EgressReason.LIMIT, "");
        }
        return upstream.resolve(outlet.sandbox(), name);
    }

    private Connection first(
            SandboxId sandbox,
            OpenTunnel tunnel,
            Destination to,
            @Nullable Proxy proxy,
            List<IpAddress> addresses,
            Trail trail)
            throws RefusedException {
        var dialled = dial(sandbox, to, proxy, addresses);
        trail.address = dialled.address() == null ? "" : dialled.address().text();
        return attached(tunnel, dialled.connection());
    }

    /// A connection to the host.
    ///
    /// @param address null where a proxy resolves the name
    private record Reached(Connection connection, @Nullable IpAddress address) {}

    private Reached dial(SandboxId sandbox, Destination to, @Nullable Proxy proxy, List<IpAddress> addresses)
            throws RefusedException {
        if (proxy == null) {
            var dialled = upstream.dial(addresses, to.port());
            return new Reached(dialled.connection(), dialled.address());
        }
        if (addresses.isEmpty()) {
            return new Reached(upstream.dialThrough(sandbox, proxy, to), null);
        }
        var pinned = addresses.getFirst();
        return new Reached(upstream.dialThrough(sandbox, proxy, new Destination(pinned, to.port())), pinned);
    }

    private static Connection attached(OpenTunnel tunnel, Connection connection) {
        tunnel.attach(connection);
        return connection;
    }

    /// The policy may have changed meanwhile, and whoever judged the tunnel then did not know all of its way.
    private void confirm(SandboxId sandbox, OpenTunnel tunnel) throws RefusedException {
        var against = against(sessions.require(sandbox), tunnel);
        if (against.isPresent()) {
            throw new RefusedException(against.get(), "");
        }
    }

    private static Optional<EgressReason> against(Known known, OpenTunnel tunnel) {
        return tunnel.wasCut().or(() -> Judgement.of(known, tunnel));
    }

    /// The first bytes have said what the tunnel carries: whether that is allowed too.
    void settle(SandboxId sandbox, OpenTunnel tunnel, String scheme, boolean inspected) throws RefusedException {
        var way = tunnel.way();
        tunnel.goes(new Way(scheme, true, way.address(), way.proxy(), inspected));
        var known = sessions.require(sandbox);
        if (known.policy().connect(tunnel.destination(), scheme) instanceof Verdict.Refused(var reason, var rule)) {
            throw new RefusedException(reason, rule);
        }
        confirm(sandbox, tunnel);
    }
}
