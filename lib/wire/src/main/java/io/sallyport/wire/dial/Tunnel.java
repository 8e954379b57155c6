package io.sallyport.wire.dial;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.dial.SandboxDialer.Target;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShare;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Both ends of a tunnel into a sandbox: `CONNECT cl-…:3000`, and after a 200 bytes both ways.
///
/// | the agent answers | it means |
/// |---|---|
/// | 200 | connected |
/// | 502 | nothing accepts on that port |
/// | 409 | no such sandbox runs there |
/// | 503 | something else |
///
/// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §9.3.6
public final class Tunnel {
    private static final int CONNECTED = 200;
    private static final int REFUSED = 502;
    private static final int NOT_RUNNING = 409;
    private static final int FAILED = 503;

    private Tunnel() {}

    /// Asks for a tunnel on a connection that is good for nothing else afterwards, and is closed unless it
    /// became one.
    public static Dialled open(Connection connection, Target to, Deadline deadline) {
        boolean opened = false;
        connection.deadline(deadline);
        try {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var authority = to.sandbox() + ":" + to.port();
            http.send(RequestHead.of("CONNECT", authority, Headers.of("Host", authority)), Framing.NONE)
                    .close();
            int status = http.readHead().status();
            opened = status == CONNECTED;
            connection.deadline(Deadline.NEVER);
            return switch (status) {
                case CONNECTED -> new Dialled.Connected(http.takeOver());
                case REFUSED -> new Dialled.Refused();
                case NOT_RUNNING -> new Dialled.NotRunning();
                default -> new Dialled.Failed(new IOException("the agent answered " + status));
            };
        } catch (IOException e) {
            return new Dialled.Failed(e);
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    /// Serves a CONNECT and returns when the tunnel has ended.
    ///
    /// @param connect how long one attempt to connect may take
    /// @param idle without a byte in any direction
    public static void serve(Exchange exchange, SandboxDialer dialer, Duration connect, Duration idle)
            throws IOException {
        var to = target(exchange.request());
        if (to.isEmpty()) {
            exchange.refuse(400, "the target of CONNECT is no sandbox and port");
            return;
        }
        switch (dialer.dial(to.get(), Deadline.after(connect))) {
            case Dialled.Connected(var app) -> {
                try (var share = FairShare.of(to.get().sandbox(), to.get().port())) {
                    join(exchange, app, idle, share);
                }
            }
            case Dialled.Refused refused -> exchange.refuse(REFUSED, "nothing listens on that port");
            case Dialled.NotRunning notRunning -> exchange.refuse(NOT_RUNNING, "no such sandbox runs here");
            case Dialled.Failed failed -> exchange.refuse(FAILED, "the port cannot be reached");
        }
    }

    /// Answers a CONNECT with 200 and joins the two connections until both have ended.
    public static void join(Exchange exchange, Connection other, Duration idle) throws IOException {
        join(exchange, other, idle, FairShare.FREE);
    }

    private static void join(Exchange exchange, Connection other, Duration idle, FairShare share) throws IOException {
        Connection caller;
        try {
            caller = exchange.takeOver(ResponseHead.of(CONNECTED, Headers.EMPTY));
        } catch (IOException e) {
            other.close();
            throw e;
        }
        var _ = Duplex.run(caller, other, idle, share);
    }

    /// Where a CONNECT leads; empty where its target is no sandbox and port.
    public static Optional<Target> target(RequestHead connect) {
        var authority = connect.target();
        int colon = authority.lastIndexOf(':');
        return SandboxId.parse(authority.substring(0, Math.max(0, colon)))
                .flatMap(id -> Port.parse(authority.substring(colon + 1)).map(port -> new Target("", id, port)));
    }
}
