package io.sallyport.relay.tunnel;

import java.io.IOException;

/// The gateway does not take the session's token: it is another sandbox's, or has ended.
public final class UnauthenticatedException extends IOException {
    private static final long serialVersionUID = 1L;

    UnauthenticatedException() {
        super("the gateway does not accept the session token");
    }
}
