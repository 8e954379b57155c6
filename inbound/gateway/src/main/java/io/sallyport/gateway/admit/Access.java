package io.sallyport.gateway.admit;

import io.sallyport.gateway.page.Refused;
import io.sallyport.wire.http1.Headers;

/// What [Admission] decides.
public sealed interface Access {
    /// The request may go on.
    ///
    /// @param target what the app is asked for: what came, without a token of ours in it
    record Open(String target) implements Access {}

    /// A signed link was opened in a browser: the answer sets a cookie and leads to the same place without the
    /// token.
    record Opened(Headers headers) implements Access {}

    /// A script's pre-flight, which cannot show anything, is answered so that the request itself can.
    record Preflight(Headers headers) implements Access {}

    record Closed(Refused refused) implements Access {}
}
