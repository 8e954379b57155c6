package io.sallyport.rpc;

/// A call that ended with an error, on either side. The message is for the caller.
public final class RpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RpcCode code;

    public RpcException(RpcCode code, String message) {
        super(message);
        this.code = code;
    }

    public RpcCode code() {
        return code;
    }
}
