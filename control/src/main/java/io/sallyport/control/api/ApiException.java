package io.sallyport.control.api;

/// A request that is answered with an error: `{"code":status,"message":message}`.
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
