package io.sallyport.egress.tunnel;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.ResponseHead;
import java.nio.charset.StandardCharsets;

/// What a CONNECT is answered with. Pure.
///
/// Nothing in it comes from the sandbox or from outside: whoever reads it may be a model, and takes text for orders.
///
/// @spec reference/egress.md §4.7 nr. 101
public final class Answer {
    private Answer() {}

    /// A refusal as JSON.
    ///
    /// @param reason an id of [EgressReason]
    /// @param retryable whether asking again later can help
    record Body(int code, String reason, String message, boolean retryable) {
        static Body of(EgressReason reason, int status) {
            return new Body(status, reason.id(), reason.sentence(), reason.retryable());
        }
    }

    static byte[] established() {
        return "HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    /// The body of a refusal.
    public static byte[] json(EgressReason reason, int status) {
        return RecordJson.write(Body.of(reason, status));
    }

    /// The headers of a refusal.
    public static Headers headers(EgressReason reason) {
        return Headers.of("Content-Type", "application/json", EgressReason.HEADER, reason.id());
    }

    /// A refusal as the bytes of a tunnel.
    static byte[] refusal(EgressReason reason) {
        byte[] body = json(reason, reason.status());
        var phrase = ResponseHead.of(reason.status(), Headers.EMPTY).reason();
        var head = "HTTP/1.1 " + reason.status() + " " + (phrase.isEmpty() ? "Refused" : phrase) + "\r\n"
                + "Content-Type: application/json\r\n"
                + EgressReason.HEADER + ": " + reason.id() + "\r\n"
                + (reason == EgressReason.UNAUTHENTICATED ? "Proxy-Authenticate: Basic realm=\"sallyport\"\r\n" : "")
                + "Connection: close\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n";
        return (head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
}
