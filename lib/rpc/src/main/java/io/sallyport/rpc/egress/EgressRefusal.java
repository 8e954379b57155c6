package io.sallyport.rpc.egress;

/// The body of a refusal, as JSON: what the relay and the egress gateway answer instead of letting something out.
///
/// @param code the status of the answer
/// @param reason the id of an [EgressReason], or one of the relay's own
/// @param message a sentence of ours: nothing in it comes from the sandbox or from outside, because whoever reads it
///   may be a model, and takes text for orders
/// @param retryable whether asking again later can help
public record EgressRefusal(int code, String reason, String message, boolean retryable) {
    public static EgressRefusal of(EgressReason reason) {
        return new EgressRefusal(reason.status(), reason.id(), reason.sentence(), reason.retryable());
    }

    /// The same, told more exactly.
    public EgressRefusal because(String sentence) {
        return new EgressRefusal(code, reason, sentence, retryable);
    }
}
