package io.sallyport.gateway.forward;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refusal;
import io.sallyport.gateway.route.Routes;
import io.sallyport.gateway.route.Routes.Route;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Finds the way to a destination and sends the exchange along it.
public final class Forwarder {
    private static final long REDIAL_MS_MIN = 10;
    private static final long REDIAL_MS_MAX = 250;
    private static final String GUEST_INIT = "/init";

    private final Routes routes;
    private final SandboxDialer dialer;
    private final InetSocketAddress control;
    private final ForwardLimits limits;

    /// A forwarder.
    ///
    /// @param control where the control plane's API listens
    public Forwarder(Routes routes, SandboxDialer dialer, InetSocketAddress control, ForwardLimits limits) {
        this.routes = routes;
        this.dialer = dialer;
        this.control = control;
        this.limits = limits;
    }

    public void forward(Exchange client, Destination destination) throws IOException {
        if (client.request().method().equals("CONNECT")) {
            Refusal.answer(client, destination, Outcome.CONNECT_METHOD);
            return;
        }
        switch (destination) {
            case Destination.Nowhere(var outcome) -> Refusal.answer(client, destination, outcome);
            case Destination.Control toControl -> toControl(client, toControl);
            case Destination.Sandbox to -> toSandbox(client, to);
        }
    }

    private void toControl(Exchange client, Destination.Control destination) throws IOException {
        Connection api;
        try {
            api = SocketConnection.connect(SocketChannel.open(), control, Deadline.after(limits.connect()));
        } catch (IOException e) {
            Refusal.answer(client, destination, Outcome.UNDECIDED);
            return;
        }
        new Relay(client, api, destination, limits).run();
    }

    private void toSandbox(Exchange client, Destination.Sandbox to) throws IOException {
        if (to.port().equals(Port.GUEST) && client.request().path().equals(GUEST_INIT)) {
            Refusal.answer(client, to, Outcome.RESERVED_PATH);
            return;
        }
        switch (routes.find(to.id())) {
            case Route.Running running -> dialAndRelay(client, to);
            case Route.NotRunning(var state) ->
                Refusal.answer(client, to, Outcome.NOT_RUNNING, "The sandbox is not running (state: " + state + ").");
            case Route.Unknown unknown -> Refusal.answer(client, to, Outcome.UNKNOWN_SANDBOX);
            case Route.Undecided undecided -> Refusal.answer(client, to, Outcome.UNDECIDED);
        }
    }

    private void dialAndRelay(Exchange client, Destination.Sandbox to) throws IOException {
        switch (dial(to)) {
            case Dialled.Connected(var app) -> new Relay(client, app, to, limits).run();
            case Dialled.Refused refused -> Refusal.answer(client, to, Outcome.NOT_LISTENING);
            case Dialled.NotRunning notRunning -> Refusal.answer(client, to, Outcome.NOT_RUNNING);
            case Dialled.Failed failed -> Refusal.answer(client, to, Outcome.UNREACHABLE);
        }
    }

    /// Dials, and dials again while nothing listens and the hold time lasts: a server that is just starting is no
    /// error.
    private Dialled dial(Destination.Sandbox to) {
        // The guest daemon listens before anybody is told of its sandbox; if it does not, it is gone.
        var hold = to.port().equals(Port.GUEST) ? Deadline.after(Duration.ZERO) : Deadline.after(limits.hold());
        long step = REDIAL_MS_MIN;
        while (true) {
            var dialled = dialer.dial(to.id(), to.port(), Deadline.after(limits.connect()));
            if (!(dialled instanceof Dialled.Refused) || hold.passed()) {
                return dialled;
            }
            LockSupport.parkNanos(Duration.ofMillis(step).toNanos());
            step = Math.min(REDIAL_MS_MAX, step * 3 / 2);
        }
    }
}
