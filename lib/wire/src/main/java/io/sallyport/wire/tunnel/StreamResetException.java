package io.sallyport.wire.tunnel;

import java.io.IOException;

/// The peer broke a stream off, so that what was read of it is not the whole.
public final class StreamResetException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    StreamResetException(String reason) {
        super("the stream was broken off: " + reason);
        this.reason = reason;
    }

    /// As the peer gave it: printable ASCII, see [Frame#REASON_BYTES_MAX].
    public String reason() {
        return reason;
    }
}
