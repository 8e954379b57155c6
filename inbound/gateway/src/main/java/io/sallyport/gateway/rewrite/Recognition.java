package io.sallyport.gateway.rewrite;

import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.wire.http1.ResponseHead;
import java.util.Optional;

/// Recognises servers that refuse a request for the name it was sent to. Pure.
public final class Recognition {
    private Recognition() {}

    /// Whether a response can be such a refusal at all: only then is its body looked into.
    public static boolean possible(ResponseHead head) {
        return false;
    }

    /// The profile under which the server would have answered.
    ///
    /// @param firstBytes of the body, as they are on the wire
    public static Optional<HeaderProfile> of(ResponseHead head, byte[] firstBytes) {
        return Optional.empty();
    }

    /// The same for a server that answers an upgrade with something that is no HTTP.
    public static Optional<HeaderProfile> ofRaw(byte[] firstBytes) {
        return Optional.empty();
    }
}
