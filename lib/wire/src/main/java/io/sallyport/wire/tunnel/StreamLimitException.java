package io.sallyport.wire.tunnel;

import java.io.IOException;

/// A session takes no more streams at the moment.
public final class StreamLimitException extends IOException {
    static final String REASON = "limit of streams";

    private static final long serialVersionUID = 1L;

    public StreamLimitException() {
        super(REASON);
    }
}
