package io.sallyport.wire.tunnel;

import java.io.IOException;

/// The peer of a tunnel broke its rules. It has been told, with a close code of the WebSocket.
public final class TunnelException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    TunnelException(String message, int code) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
