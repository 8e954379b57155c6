package io.sallyport.egress.audit;

import java.io.IOException;

/// The log cannot be written now, so nothing may happen that it would have to say.
public final class AuditException extends IOException {
    private static final long serialVersionUID = 1;

    AuditException(String message) {
        super(message);
    }
}
