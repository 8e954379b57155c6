package io.sallyport.guest;

import io.sallyport.guest.files.FilesEndpoint;
import io.sallyport.guest.outbound.Outbound;
import io.sallyport.guest.terminal.TerminalEndpoint;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.rpc.guest.InitRequest;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;

/// The door of the guest daemon: who may enter, and where to.
///
/// `GET /health` needs nothing. Everything else needs the access token, except the first `POST /init`, which
/// sets
/// it: the agent sends it before any other process exists in the sandbox.
final class GuestHttp {
    private static final int INIT_BYTES_MAX = 1 << 20;

    private final Session session;
    private final LogRing log;
    private final FilesEndpoint files;
    private final TerminalEndpoint terminals;
    private final Outbound outbound;
    private final RpcServer rpc;

    GuestHttp(
            Session session,
            LogRing log,
            FilesEndpoint files,
            TerminalEndpoint terminals,
            Outbound outbound,
            RpcServer rpc) {
        this.session = session;
        this.log = log;
        this.files = files;
        this.terminals = terminals;
        this.outbound = outbound;
        this.rpc = rpc;
    }

    void handle(Exchange exchange) throws IOException {
        var request = exchange.request();
        var route = request.method() + " " + request.path();
        var token = request.headers().first(GuestHeaders.ACCESS_TOKEN).orElse("");
        if (route.equals("GET /health")) {
            exchange.respond(204, Headers.EMPTY, new byte[0]);
        } else if (route.equals("POST " + InitRequest.PATH)) {
            init(exchange, token);
        } else if (!session.admits(token)) {
            exchange.closeAfter();
            exchange.refuse(401, "unauthorized access, please provide a valid access token");
        } else if (request.path().equals("/files")) {
            files.handle(exchange);
        } else if (request.path().startsWith(TerminalApi.ATTACH)) {
            terminals.handle(exchange);
        } else if (route.equals("GET /logs")) {
            exchange.respond(200, Headers.of("Content-Type", "text/plain; charset=utf-8"), log.contents());
        } else if (route.equals("GET " + Outbound.STATUS)) {
            exchange.respond(200, Headers.of("Content-Type", "application/json"), outbound.status());
        } else if (!rpc.handle(exchange)) {
            exchange.refuse(404, "no such path: " + request.path());
        }
    }

    private void init(Exchange exchange, String token) throws IOException {
        exchange.sendContinue();
        InitRequest request;
        try {
            request = RecordJson.read(exchange.requestBody().readNBytes(INIT_BYTES_MAX), InitRequest.class);
        } catch (JsonException e) {
            exchange.refuse(400, String.valueOf(e.getMessage()));
            return;
        }
        if (request.accessToken().isEmpty()) {
            exchange.refuse(400, "accessToken: empty (expected: a token)");
        } else if (session.initialise(request, token)) {
            exchange.respond(204, Headers.EMPTY, new byte[0]);
        } else {
            exchange.refuse(401, "the session is set and this is not its access token");
        }
    }
}
