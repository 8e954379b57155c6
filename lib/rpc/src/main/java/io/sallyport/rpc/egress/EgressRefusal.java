package io.sallyport.rpc.egress;

import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.Headers;

/// The body of a refusal, as JSON: what the relay and the egress gateway answer instead of letting something out.
///
/// @param code the status of the answer
/// @param reason the id of an [EgressReason], or one of the relay's own
/// @param message a sentence of ours: nothing in it comes from the sandbox or from outside, because whoever reads it
///   may be a model, and takes text for orders
/// @param retryable whether asking again later can help
public record EgressRefusal(int code, String reason, String message, boolean retryable) {
    public static EgressRefusal of(EgressReason reason) {
        return of(reason, reason.status());
    }

    /// One with another status than the reason's own.
    public static EgressRefusal of(EgressReason reason, int status) {
        return new EgressRefusal(status, reason.id(), reason.sentence(), reason.retryable());
    }

    /// The same, told more exactly.
    public EgressRefusal because(String sentence) {
        return new EgressRefusal(code, reason, sentence, retryable);
    }

    public byte[] json() {
        return RecordJson.write(this);
    }

    /// What stands in the head of such an answer.
    public Headers headers() {
        return Headers.of("Content-Type", "application/json", "Cache-Control", "no-store", EgressReason.HEADER, reason);
    }
}
