package io.sallyport.egress.inject;

import java.io.IOException;

/// A credential's placeholder stands where it may not be used.
public final class MisusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String credential;

    MisusedException(String credential) {
        super("the placeholder of " + credential + " stands where it may not be used");
        this.credential = credential;
    }

    /// The credential's name.
    public String credential() {
        return credential;
    }
}
