package io.sallyport.egress.inject;

/// A credential that cannot be used as it is. Says its name and what is wrong, never its value.
public final class CredentialException extends Exception {
    private static final long serialVersionUID = 1L;

    CredentialException(String message) {
        super(message);
    }
}
