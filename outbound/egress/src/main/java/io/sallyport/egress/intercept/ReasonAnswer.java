package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.http1.Exchange;
import java.io.IOException;

/// The answer of ours in place of the host's. It says the reason and nothing that the client or the host has written.
final class ReasonAnswer {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private ReasonAnswer() {}

    static void send(Exchange client, int status, EgressReason reason) throws IOException {
        var refusal = EgressRefusal.of(reason, status);
        var headers = refusal.headers();
        client.respond(status, status == 405 ? headers.with("Allow", METHODS) : headers, refusal.json());
    }
}
