package io.sallyport.gateway.forward;

import io.sallyport.gateway.admit.Access;
import io.sallyport.gateway.admit.Admission;
import io.sallyport.gateway.admit.SandboxLimits;
import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refused;
import io.sallyport.gateway.route.RouteCache;
import io.sallyport.gateway.seen.Passage;
import io.sallyport.gateway.seen.Passage.Point;
import io.sallyport.kit.AddressBlock;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.UndecidedException;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import io.sallyport.wire.proxy.Relay;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Finds the way to a destination and sends the exchange along it: limits, route, admission, then
/// [AppExchange].
///
/// - **Threads**: any; an exchange stays on its connection's.
public final class Forwarder {
    /// An id that nobody knows and one that is private are refused after the same time, whatever it took to
    /// find out.
    private static final long UNKNOWN_AFTER_NANOS = 10_000_000;

    private static final String GUEST_INIT = "/init";

    private final RouteCache routes;
    private final Admission admission;
    private final SandboxLimits sandboxLimits;
    private final AppExchange apps;
    private final ControlDialer control;
    private final List<AddressBlock> trustedProxies;
    private final ForwardLimits limits;

    /// Opens a connection to the control plane's API, which the caller closes.
    public interface ControlDialer {
        Connection dial(Deadline deadline) throws IOException;
    }

    public Forwarder(
            RouteCache routes,
            Admission admission,
            SandboxLimits sandboxLimits,
            AppExchange apps,
            ControlDialer control,
            List<AddressBlock> trustedProxies,
            ForwardLimits limits) {
        this.routes = routes;
        this.admission = admission;
        this.sandboxLimits = sandboxLimits;
        this.apps = apps;
        this.control = control;
        this.trustedProxies = List.copyOf(trustedProxies);
        this.limits = limits;
    }

    /// Carries an exchange to its end; `passage` has ended when this returns.
    public void forward(Exchange client, Passage passage) throws IOException {
        if (client.request().method().equals("CONNECT")) {
            Ending.refuse(client, passage, Refused.because(Outcome.CONNECT_METHOD));
            return;
        }
        switch (passage.destination()) {
            case Destination.Nowhere(var outcome) -> Ending.refuse(client, passage, Refused.because(outcome));
            case Destination.Control toControl -> toControl(client, passage);
            case Destination.Sandbox to -> toSandbox(client, to, passage);
        }
    }

    private void toSandbox(Exchange client, Destination.Sandbox to, Passage passage) throws IOException {
        if (EgressPorts.ALL.contains(to.port())) {
            Ending.refuse(client, passage, Refused.because(Outcome.RESERVED_PORT));
            return;
        }
        if (to.port().equals(Port.GUEST) && client.request().path().equals(GUEST_INIT)) {
            Ending.refuse(client, passage, Refused.because(Outcome.RESERVED_PATH));
            return;
        }
        Optional<Route> route;
        Access access;
        try {
            route = routes.find(to.id());
            access = admission.decide(client.request(), to, route);
        } catch (UndecidedException e) {
            Ending.refuse(client, passage, Refused.because(Outcome.UNDECIDED));
            return;
        }
        passage.reached(Point.ADMITTED);
        switch (access) {
            case Access.Open(var target) -> toApp(client, to, route.orElseThrow(), target, passage);
            case Access.Opened(var headers) -> answer(client, passage, Outcome.OPENED, headers);
            case Access.Preflight(var headers) -> {
                pad(passage);
                answer(client, passage, Outcome.PREFLIGHT, headers);
            }
            case Access.Closed(var refused) -> {
                pad(passage);
                Ending.refuse(client, passage, refused);
            }
        }
    }

    private void toApp(Exchange client, Destination.Sandbox to, Route route, String target, Passage passage)
            throws IOException {
        var tooMuch = sandboxLimits.enter(to);
        if (tooMuch.isPresent()) {
            Ending.refuse(client, passage, tooMuch.get());
            return;
        }
        try {
            apps.run(client, to, route, target, Peer.of(client, trustedProxies), passage);
        } finally {
            sandboxLimits.leave(to);
        }
    }

    private static void pad(Passage passage) {
        LockSupport.parkNanos(UNKNOWN_AFTER_NANOS - passage.ageNanos());
    }

    private static void answer(Exchange client, Passage passage, Outcome outcome, Headers headers) throws IOException {
        passage.end(outcome, outcome.status(), 0, 0);
        client.respond(outcome.status(), headers, new byte[0]);
    }

    private void toControl(Exchange client, Passage passage) throws IOException {
        Connection api;
        try {
            api = control.dial(Deadline.after(limits.connect()));
        } catch (IOException e) {
            Ending.refuse(client, passage, Refused.because(Outcome.UNDECIDED));
            return;
        }
        passage.attempt(false);
        passage.reached(Point.CONNECTED);
        var relay = new Relay(
                client,
                new HttpClient(api, HttpLimits.DEFAULT),
                limits.toControl(),
                FairShare.FREE,
                AppRequest::trailers,
                headers -> headers);
        try {
            var request = AppRequest.toControl(client, Peer.of(client, trustedProxies), passage.trace());
            switch (relay.send(request)) {
                case Relay.Answer.Head(var head) -> {
                    passage.reached(Point.ANSWERED);
                    var ended = relay.pass(HopHeaders.response(head));
                    Ending.of(passage, ended, head.status(), relay);
                }
                case Relay.Answer.Raw raw -> Ending.of(passage, relay.passRaw(), 0, relay);
                case Relay.Answer.Failed failed -> Ending.refuse(client, passage, Refused.because(Outcome.UNDECIDED));
            }
        } finally {
            relay.close();
        }
    }
}
