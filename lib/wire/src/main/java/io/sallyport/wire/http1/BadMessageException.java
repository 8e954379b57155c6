package io.sallyport.wire.http1;

import java.io.IOException;

/// A message that is refused. The connection it came on cannot be used any more.
public final class BadMessageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /// A refusal.
    ///
    /// @param status what a server answers: 400, 414, 417, 431, 501 or 505
    /// @param reason one sentence for whoever sent the message; no internals
    public BadMessageException(int status, String reason) {
        super(reason);
        this.status = status;
        this.reason = reason;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }
}
