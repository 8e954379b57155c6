package io.sallyport.egress.dial;

import java.io.IOException;

/// A name that has no address for us.
public final class ResolveException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    public ResolveException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public enum Kind {
        NO_SUCH_NAME,
        /// Nobody could say.
        FAILED
    }

    public Kind kind() {
        return kind;
    }
}
