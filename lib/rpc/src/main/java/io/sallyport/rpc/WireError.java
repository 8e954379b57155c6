package io.sallyport.rpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An error as it stands in a unary answer.
record WireError(String code, String message) {
    WireError(@Nullable String code, @Nullable String message) {
        this.code = Objects.requireNonNullElse(code, "unknown");
        this.message = Objects.requireNonNullElse(message, "");
    }

    static WireError of(RpcException e) {
        return new WireError(e.code().text(), Objects.requireNonNullElse(e.getMessage(), ""));
    }

    RpcException toException() {
        return new RpcException(RpcCode.of(code), message);
    }

    /// The payload of the envelope that ends a stream.
    record End(@Nullable WireError error) {}
}
