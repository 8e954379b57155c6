package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The answer of ours in place of the host's. It says the reason and nothing that the client or the host has written.
final class ReasonAnswer {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private ReasonAnswer() {}

    static byte[] json(int status, EgressReason reason) {
        return ("{\"code\":" + status + ",\"reason\":\"" + reason.id() + "\",\"message\":\"" + reason.sentence()
                        + "\",\"retryable\":" + reason.retryable() + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static void send(Exchange client, int status, EgressReason reason) throws IOException {
        var headers = Headers.of("Content-Type", "application/json", EgressReason.HEADER, reason.id());
        client.respond(status, status == 405 ? headers.with("Allow", METHODS) : headers, json(status, reason));
    }
}
