package io.sallyport.relay.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.tunnel.Chunk;
import io.sallyport.wire.websocket.Handshake;
import io.sallyport.wire.websocket.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// Opens the WebSocket of a tunnel.
///
/// Source: reference/egress.md §1.4.
final class Upgrade {
    private static final int UNAUTHORIZED = 401;
    private static final int BAD_REQUEST = 400;
    private static final int UPGRADE_REQUIRED = 426;

    private final Dialer dialer;
    private final Supplier<byte[]> token;

    Upgrade(Dialer dialer, Supplier<byte[]> token) {
        this.dialer = dialer;
        this.token = token;
    }

    /// The gateway speaks no v2, and said so with a refusal.
    static final class NotSpokenException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSpokenException(int status) {
            super("the gateway answered " + status + " to a tunnel of many streams");
        }
    }

    /// A WebSocket of v2 where the gateway speaks it, else of v1: its [WebSocket#protocol()] says which.
    ///
    /// @param v2 whether v2 is offered
    WebSocket open(boolean v2, Deadline deadline) throws IOException {
        var connection = dialer.dial(deadline);
        boolean opened = false;
        try {
            connection.deadline(deadline);
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var asked = Handshake.ask(http, EgressApi.TUNNEL, headers(v2), Chunk.MESSAGE_BYTES_MAX);
            var socket = switch (asked) {
                case Handshake.Asked.Opened(WebSocket it) -> it;
                case Handshake.Asked.Refused(var head) -> throw refused(head.status(), v2);
            };
            connection.deadline(Deadline.NEVER);
            opened = true;
            return socket;
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    private Headers headers(boolean v2) {
        var secret = token.get();
        try {
            var headers = Headers.of(
                    "Host",
                    dialer.host(),
                    "Authorization",
                    "Bearer " + new String(secret, StandardCharsets.ISO_8859_1),
                    "Content-Type",
                    EgressApi.CONTENT_TYPE);
            return v2 ? headers.with(Handshake.PROTOCOL, EgressApi.PROTOCOL_V2) : headers;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static IOException refused(int status, boolean v2) {
        if (status == UNAUTHORIZED) {
            return new UnauthenticatedException();
        }
        if (v2 && (status == BAD_REQUEST || status == UPGRADE_REQUIRED)) {
            return new NotSpokenException(status);
        }
        return new IOException("the gateway answered " + status);
    }
}
