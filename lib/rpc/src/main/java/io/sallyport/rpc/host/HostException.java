package io.sallyport.rpc.host;

/// Why a host did not do what it was asked.
public final class HostException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /// What the caller can act on.
    public enum Kind {
        NO_SUCH_SANDBOX,
        NO_SUCH_TEMPLATE,
        BAD_TEMPLATE,
        /// It already is what it was asked to become.
        WRONG_STATE,
        FAILED,
        /// The host cannot be asked; nobody knows whether it did it.
        UNREACHABLE
    }

    public HostException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public HostException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
