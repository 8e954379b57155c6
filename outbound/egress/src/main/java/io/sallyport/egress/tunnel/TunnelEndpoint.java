package io.sallyport.egress.tunnel;

import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.audit.Draft;
import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.egress.session.Known;
import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.session.Sessions;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tunnel.Chunk;
import io.sallyport.wire.tunnel.ChunkConnection;
import io.sallyport.wire.tunnel.MuxSession;
import io.sallyport.wire.websocket.Handshake;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Where a sandbox's relay arrives: HTTP on a connection that came out of the sandbox.
///
/// | request | answer |
/// |---|---|
/// | `GET` [EgressApi#CA_CERT] | the authority's certificate; to anybody |
/// | `GET` [EgressApi#NAME]`?name=H` | 204, or why the name is not resolved |
/// | `GET` [EgressApi#TUNNEL] | a WebSocket: one tunnel, or a session of many |
///
/// Whose connection it is, is known before its first byte. So a token says only that it is the relay who speaks, and
/// the token of another sandbox is none.
///
/// - **Threads**: a connection has one; so has each tunnel in it.
/// - **Limits**: [Outlet.Limits].
public final class TunnelEndpoint {
    private static final Logger LOG = System.getLogger(TunnelEndpoint.class.getName());
    private static final int UNAUTHORIZED = 401;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final String BEARER = "bearer ";
    private static final Duration END_STEP = Duration.ofMillis(5);

    private final Sessions sessions;
    private final Connector connector;
    private final AuditLog audit;
    private final Names names;
    private final byte[] authority;
    private final ThreadFactory threads;
    private final AtomicInteger running = new AtomicInteger();

    TunnelEndpoint(Sessions sessions, Connector connector, AuditLog audit, byte[] authority, ThreadFactory threads) {
        this.sessions = sessions;
        this.connector = connector;
        this.audit = audit;
        this.names = new Names(audit);
        this.authority = authority.clone();
        this.threads = threads;
    }

    /// Has a server serve a connection that came out of a sandbox; closes it where the sandbox has too many.
    void take(HttpServer server, SandboxId sandbox, Connection connection) {
        var visit = new Visit(sandbox, connection);
        if (visit.outlet.hasRoom()) {
            server.serve(visit.door, visit);
        } else {
            visit.door.close();
        }
    }

    /// Waits until every tunnel has ended and is written down, at most for `wait`.
    void awaitEnd(Duration wait) {
        var deadline = Deadline.after(wait);
        while (running.get() > 0 && !deadline.passed()) {
            LockSupport.parkNanos(END_STEP.toNanos());
        }
    }

    /// One connection out of a sandbox.
    private final class Visit implements HttpServer.Handler {
        private final Door door;
        private final Outlet outlet;

        Visit(SandboxId sandbox, Connection connection) {
            this.door = new Door(connection, this::left);
            this.outlet = sessions.enter(sandbox, door);
        }

        private void left() {
            sessions.leave(outlet, door);
        }

        @Override
        public void handle(Exchange exchange) throws IOException {
            if (!exchange.request().method().equals("GET")) {
                exchange.respond(405, Headers.of("Allow", "GET"), new byte[0]);
                return;
            }
            switch (exchange.request().path()) {
                case EgressApi.CA_CERT -> certificate(exchange);
                case EgressApi.NAME -> {
                    var known = authenticated(exchange, outlet);
                    if (known.isPresent()) {
                        names.answer(exchange, outlet, known.get());
                    }
                }
                case EgressApi.TUNNEL -> tunnel(exchange, outlet, door);
                default -> exchange.refuse(404, "nothing is served under this path");
            }
        }
    }

    private void certificate(Exchange exchange) throws IOException {
        var headers = Headers.of("Content-Type", "application/x-pem-file", "Cache-Control", "no-store");
        exchange.respond(200, headers, authority);
    }

    /// The sandbox, where the request has its token; else it has been refused.
    private Optional<Known> authenticated(Exchange exchange, Outlet outlet) throws IOException {
        try {
            var known = sessions.find(outlet.sandbox());
            var token = bearer(exchange.request().headers());
            if (known.isPresent() && token.isPresent() && known.get().isToken(token.get())) {
                return known;
            }
            note(outlet, EgressReason.UNAUTHENTICATED, "");
            var refusal = EgressRefusal.of(EgressReason.UNAUTHENTICATED, UNAUTHORIZED);
            exchange.respond(UNAUTHORIZED, refusal.headers().with("WWW-Authenticate", "Bearer"), refusal.json());
        } catch (RefusedException e) {
            refuse(exchange, e.reason());
        }
        return Optional.empty();
    }

    private static Optional<String> bearer(Headers headers) {
        var all = headers.all("Authorization");
        return all.size() == 1 && all.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(all.getFirst().substring(BEARER.length()))
                : Optional.empty();
    }

    static void refuse(Exchange exchange, EgressReason why) throws IOException {
        refuse(exchange, why, why.status());
    }

    private static void refuse(Exchange exchange, EgressReason why, int status) throws IOException {
        var refusal = EgressRefusal.of(why, status);
        exchange.respond(status, refusal.headers(), refusal.json());
    }

    private void tunnel(Exchange exchange, Outlet outlet, Connection door) throws IOException {
        if (!outlet.mayTryRelay()) {
            overLimit(outlet, "relays a second");
            refuse(exchange, EgressReason.LIMIT);
            return;
        }
        var known = authenticated(exchange, outlet);
        if (known.isEmpty()) {
            return;
        }
        var headers = exchange.request().headers();
        if (!headers.first("Content-Type").orElse("").equals(EgressApi.CONTENT_TYPE)) {
            refuse(exchange, EgressReason.BAD_REQUEST, UNSUPPORTED_TYPE);
            return;
        }
        var offered = headers.list(Handshake.PROTOCOL);
        boolean many = offered.contains(EgressApi.PROTOCOL_V2);
        if (!Handshake.isAsked(exchange.request()) || (!many && !offered.isEmpty())) {
            refuse(exchange, EgressReason.BAD_REQUEST);
            return;
        }
        var tokenHash = known.get().session().tokenHash();
        if (!outlet.enterRelay(door, tokenHash)) {
            overLimit(outlet, "relays");
            refuse(exchange, EgressReason.LIMIT);
            return;
        }
        if (isCurrent(outlet, tokenHash)) {
            upgrade(exchange, outlet, many);
        } else {
            refuse(exchange, EgressReason.UNAUTHENTICATED, UNAUTHORIZED);
        }
    }

    /// The token may have ended before the relay was registered, and then nobody would cut it.
    private boolean isCurrent(Outlet outlet, String tokenHash) throws RefusedException {
        return sessions.find(outlet.sandbox())
                .filter(now -> now.session().tokenHash().equals(tokenHash))
                .isPresent();
    }

    private void upgrade(Exchange exchange, Outlet outlet, boolean many) throws IOException {
        var socket = many
                ? Handshake.accept(exchange, EgressApi.PROTOCOL_V2, MuxSession.MESSAGE_BYTES_MAX)
                : Handshake.accept(exchange, Chunk.MESSAGE_BYTES_MAX);
        if (socket.isEmpty()) {
            return;
        }
        if (!many) {
            stream(outlet, new ChunkConnection(socket.get()), true);
            return;
        }
        var over = new CompletableFuture<Void>();
        var session = MuxSession.server(
                socket.get(),
                outlet.unread(),
                stream -> threads.newThread(() -> stream(outlet, stream, false)).start());
        session.onClosed(() -> over.complete(null));
        over.join();
    }

    /// One tunnel.
    ///
    /// @param first whether it is the only one of its WebSocket, so that its head is the first message
    private void stream(Outlet outlet, Connection stream, boolean first) {
        if (!outlet.enterStream()) {
            overLimit(outlet, "tunnels");
            Connector.answer(stream, EgressReason.LIMIT);
            return;
        }
        running.incrementAndGet();
        try {
            switch (TunnelHead.read(stream, first)) {
                case TunnelHead.Read.Good(var head, var rest) -> connector.run(outlet, rest, head);
                case TunnelHead.Read.Bad(var reason, var what) -> {
                    bad(outlet, reason, what);
                    Connector.answer(stream, reason);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a tunnel without a head: {0}", e.toString());
        } finally {
            outlet.leaveStream();
            stream.close();
            running.decrementAndGet();
        }
    }

    private void bad(Outlet outlet, EgressReason reason, String what) {
        var host = reason == EgressReason.BAD_TARGET ? what : "";
        outlet.refused(reason, host, 0, "");
        audit.note(Draft.connect(outlet.sandbox())
                .target("", host, 0)
                .refused(reason, reason == EgressReason.BAD_TARGET ? "" : what)
                .status(reason.status()));
    }

    private void note(Outlet outlet, EgressReason reason, String rule) {
        outlet.refused(reason, "", 0, rule);
        audit.note(Draft.connect(outlet.sandbox()).refused(reason, rule).status(reason.status()));
    }

    private void overLimit(Outlet outlet, String which) {
        var count = outlet.overLimit();
        if (count.isPresent()) {
            note(outlet, EgressReason.LIMIT, which + ": " + count.getAsLong() + " refused");
        }
    }
}
