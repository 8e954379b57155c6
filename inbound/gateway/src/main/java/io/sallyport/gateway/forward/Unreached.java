package io.sallyport.gateway.forward;

import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refused;
import io.sallyport.gateway.route.RouteCache;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.UndecidedException;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds out why there is no connection to an app.
final class Unreached {
    private final SandboxDialer dialer;
    private final RouteCache routes;
    private final ForwardLimits limits;
    private final Set<Port> reserved;

    /// @param reserved ports that are never public
    Unreached(SandboxDialer dialer, RouteCache routes, ForwardLimits limits, Set<Port> reserved) {
        this.reserved = Set.copyOf(reserved);
        this.dialer = dialer;
        this.routes = routes;
        this.limits = limits;
    }

    /// @param route tells which ports may be named: those that everybody may reach
    Refused why(SandboxDialer.Target to, Route route, Dialled dialled) {
        return switch (dialled) {
            case Dialled.Connected connected -> throw new IllegalArgumentException("there is a connection");
            case Dialled.Refused refused -> notListening(to, route);
            case Dialled.NotRunning notRunning -> gone(to);
            case Dialled.Failed failed -> {
                routes.evict(to.sandbox());
                yield Refused.because(Outcome.UNREACHABLE);
            }
        };
    }

    /// The host knows better than what was remembered of the sandbox.
    private Refused gone(SandboxDialer.Target to) {
        routes.evict(to.sandbox());
        try {
            var now = routes.find(to.sandbox());
            if (now.isEmpty()) {
                return Refused.because(Outcome.UNKNOWN_SANDBOX);
            }
            return now.get().running()
                    ? Refused.because(Outcome.UNREACHABLE)
                    : Refused.because(Outcome.NOT_RUNNING, "It is " + now.get().state() + ".");
        } catch (UndecidedException e) {
            return Refused.because(Outcome.UNDECIDED);
        }
    }

    private Refused notListening(SandboxDialer.Target to, Route route) {
        Listening listening;
        try {
            listening = dialer.listening(to, Deadline.after(limits.connect()));
        } catch (IOException e) {
            return Refused.because(Outcome.NOT_LISTENING);
        }
        int port = to.port().number();
        boolean elsewhere = listening.sockets().stream().anyMatch(socket -> socket.port() == port);
        var outcome = elsewhere
                ? Outcome.BOUND_ELSEWHERE
                : listening.answered().contains(port) ? Outcome.APP_EXITED : Outcome.NOT_LISTENING;
        var others = listening.sockets().stream()
                .map(Listening.Socket::port)
                .filter(other -> other != port && isPublic(route, other))
                .distinct()
                .sorted()
                .toList();
        return new Refused(outcome, outcome.sentence() + " " + listed(others), others);
    }

    private boolean isPublic(Route route, int port) {
        return port != Port.GUEST.number()
                && !reserved.contains(new Port(port))
                && !EgressPorts.ALL.contains(new Port(port))
                && route.visibilityOf(port) == Route.Visibility.PUBLIC;
    }

    private static String listed(List<Integer> ports) {
        return ports.isEmpty()
                ? "Nothing listens on any other public port either."
                : "Public ports on which something listens: "
                        + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".";
    }
}
