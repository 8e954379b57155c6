package io.sallyport.egress.dial;

import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.AddressClass;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Makes connections to the world.
///
/// - **Threads**: any.
/// - **Limits**: [#RESOLVE_WAIT] for a name, [#CONNECT_WAIT] for all attempts to connect, of which there are at most
///   [#ATTEMPTS_MAX].
/// - **Errors**: [RefusedException] with the reason. A proxy that fails is never gone around.
public final class Upstream {
    /// For the answer of the name servers.
    public static final Duration RESOLVE_WAIT = Duration.ofSeconds(5);

    /// For a connection, and for the TLS handshake with a host.
    public static final Duration CONNECT_WAIT = Duration.ofSeconds(10);

    private static final int ATTEMPTS_MAX = 8;

    private final Resolver resolver;
    private final Sockets sockets;
    private final OwnAddresses own;
    private final List<IpBlock> privateAllowed;

    public Upstream(Resolver resolver, Sockets sockets, OwnAddresses own, List<IpBlock> privateAllowed) {
        this.resolver = resolver;
        this.sockets = sockets;
        this.own = own;
        this.privateAllowed = List.copyOf(privateAllowed);
    }

    /// All addresses of a name: one lookup.
    public List<IpAddress> resolve(SandboxId sandbox, HostName name) throws RefusedException {
        try {
            var found = resolver.resolve(sandbox, name, Deadline.after(RESOLVE_WAIT));
            if (found.isEmpty()) {
                throw new RefusedException(EgressReason.DNS_NO_SUCH_NAME, "");
            }
            return found.stream().map(IpAddress::unmapped).distinct().toList();
        } catch (ResolveException e) {
            throw new RefusedException(
                    switch (e.kind()) {
                        case NO_SUCH_NAME -> EgressReason.DNS_NO_SUCH_NAME;
                        case FAILED -> EgressReason.DNS_FAILED;
                    },
                    e.kind() == ResolveException.Kind.FAILED ? words(e) : "");
        }
    }

    /// Of exceptions that say what happened and nothing that anybody else has written.
    private static String words(IOException e) {
        return e.getMessage() == null ? "" : e.getMessage();
    }

    /// Whether an address is one of this machine itself, which an address that looks public may be, and the operator
    /// has
    /// not listed it.
    public boolean isOwn(IpAddress address) {
        return own.contains(address) && !isPrivateAllowed(address);
    }

    private boolean isPrivateAllowed(IpAddress address) {
        return privateAllowed.stream().anyMatch(block -> block.contains(address));
    }

    /// A connection and the address it goes to.
    public record Dialled(Connection connection, IpAddress address) {}

    /// Tries the addresses in their order; the caller closes the connection.
    public Dialled dial(List<IpAddress> addresses, int port) throws RefusedException {
        var deadline = Deadline.after(CONNECT_WAIT);
        var last = Optional.<IOException>empty();
        int attempts = Math.min(addresses.size(), ATTEMPTS_MAX);
        for (int i = 0; i < attempts && !deadline.passed(); i++) {
            var attempt = Deadline.after(deadline.remaining().dividedBy(attempts - i));
            try {
                return new Dialled(sockets.connect(addresses.get(i), port, attempt), addresses.get(i));
            } catch (IOException e) {
                last = Optional.of(e);
            }
        }
        boolean late = last.isEmpty() || last.get() instanceof DeadlinePassedException;
        throw new RefusedException(late ? EgressReason.CONNECT_TIMEOUT : EgressReason.CONNECT_FAILED, "");
    }

    /// Connects through a proxy, which resolves a name itself; the caller closes the connection.
    public Connection dialThrough(SandboxId sandbox, Proxy proxy, Destination to) throws RefusedException {
        var deadline = Deadline.after(CONNECT_WAIT);
        var toProxy = dialProxy(sandbox, proxy);
        boolean through = false;
        try {
            toProxy.deadline(deadline);
            Socks5.connect(toProxy, proxy, to);
            toProxy.deadline(Deadline.NEVER);
            through = true;
            return toProxy;
        } catch (DeadlinePassedException e) {
            throw new RefusedException(EgressReason.PROXY_FAILED, "no answer in time");
        } catch (IOException e) {
            throw new RefusedException(EgressReason.PROXY_FAILED, words(e));
        } finally {
            if (!through) {
                toProxy.close();
            }
        }
    }

    private Connection dialProxy(SandboxId sandbox, Proxy proxy) throws RefusedException {
        var at = Destination.parseAuthority(proxy.address())
                .orElseThrow(() -> new RefusedException(EgressReason.PROXY_FAILED, "its address is none"));
        try {
            var addresses = switch (at.host()) {
                case IpAddress address -> List.of(address.unmapped());
                case HostName name -> resolve(sandbox, name);
            };
            for (var address : addresses) {
                boolean special = !AddressClass.of(address).isPublic() && !isPrivateAllowed(address);
                if (special || isOwn(address)) {
                    throw new RefusedException(EgressReason.PROXY_FAILED, "its address is private or special");
                }
            }
            return dial(addresses, at.port()).connection();
        } catch (RefusedException e) {
            var refused = e.reason() == EgressReason.PROXY_FAILED
                    ? e
                    : new RefusedException(EgressReason.PROXY_FAILED, e.reason().id());
            throw refused;
        }
    }
}
