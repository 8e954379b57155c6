package io.sallyport.wire.net;

import java.io.IOException;

/// The connection was closed because its [Connection#deadline] came.
public final class DeadlinePassedException extends IOException {
    private static final long serialVersionUID = 1L;

    public DeadlinePassedException() {
        super("deadline passed");
    }
}
