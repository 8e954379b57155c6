package io.sallyport.rpc.route;

/// The control plane, or its database, cannot be asked at the moment.
public final class UndecidedException extends Exception {
    private static final long serialVersionUID = 1L;

    public UndecidedException(String message, Throwable cause) {
        super(message, cause);
    }
}
