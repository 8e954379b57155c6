package io.sallyport.rpc;

import java.util.Locale;

/// The error codes of Connect and the HTTP status each has in a unary answer.
///
/// @spec https://connectrpc.com/docs/protocol/#error-codes Connect
public enum RpcCode {
    CANCELED(499),
    UNKNOWN(500),
    INVALID_ARGUMENT(400),
    DEADLINE_EXCEEDED(504),
    NOT_FOUND(404),
    ALREADY_EXISTS(409),
    PERMISSION_DENIED(403),
    RESOURCE_EXHAUSTED(429),
    FAILED_PRECONDITION(400),
    ABORTED(409),
    OUT_OF_RANGE(400),
    UNIMPLEMENTED(501),
    INTERNAL(500),
    UNAVAILABLE(503),
    DATA_LOSS(500),
    UNAUTHENTICATED(401);

    private final int status;

    RpcCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /// The name on the wire.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static RpcCode of(String text) {
        for (var code : values()) {
            if (code.text().equals(text)) {
                return code;
            }
        }
        return UNKNOWN;
    }

    /// What a non-200 answer that is no Connect error means, for example a proxy's.
    public static RpcCode ofStatus(int status) {
        return switch (status) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }
}
