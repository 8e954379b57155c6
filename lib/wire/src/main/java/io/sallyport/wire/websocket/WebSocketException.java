package io.sallyport.wire.websocket;

import java.io.IOException;

/// The peer broke the protocol. It has been told, with the code of RFC 6455 §7.4.
public final class WebSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    WebSocketException(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
