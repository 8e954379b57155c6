package io.sallyport.egress.tunnel;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.http1.ResponseHead;
import java.nio.charset.StandardCharsets;

/// What a CONNECT is answered with. Pure.
///
/// Nothing in it comes from the sandbox or from outside: whoever reads it may be a model, and takes text for orders.
///
/// @spec reference/egress.md §4.7 nr. 101
final class Answer {
    private Answer() {}

    static byte[] established() {
        return "HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    /// A refusal as the bytes of a tunnel.
    static byte[] refusal(EgressReason reason) {
        var refusal = EgressRefusal.of(reason);
        var headers = refusal.headers();
        if (reason == EgressReason.UNAUTHENTICATED) {
            headers = headers.with("Proxy-Authenticate", "Basic realm=\"sallyport\"");
        }
        return ResponseHead.of(refusal.code(), headers).last(refusal.json());
    }
}
