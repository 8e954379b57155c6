package io.sallyport.relay;

import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.http1.Headers;
import java.util.Locale;

/// Why the relay itself says no, where no [EgressReason] says it.
public enum RelayReason {
    RELAY_BUSY(503, true, "the relay has too many connections"),
    GATEWAY_UNREACHABLE(502, true, "the egress gateway cannot be reached"),
    NOT_CONNECT(405, false, "this is a proxy: it takes CONNECT host:port, and http:// requests"),
    RELAY_TOKEN(403, false, "the status is for who has the relay's token"),
    NOT_GET(405, false, "the status is read with GET");

    private final int status;
    private final boolean retryable;
    private final String sentence;

    RelayReason(int status, boolean retryable, String sentence) {
        this.status = status;
        this.retryable = retryable;
        this.sentence = sentence;
    }

    /// As it is written everywhere: `relay_busy`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public EgressRefusal refusal() {
        return new EgressRefusal(status, id(), sentence, retryable);
    }

    /// What stands in the head of such an answer.
    public static Headers headers(EgressRefusal refusal) {
        var headers = refusal.headers();
        return switch (refusal.code()) {
            case 405 -> headers.with("Allow", refusal.reason().equals(NOT_GET.id()) ? "GET" : "CONNECT");
            case 407 -> headers.with("Proxy-Authenticate", "Basic realm=\"sallyport\"");
            default -> headers;
        };
    }
}
