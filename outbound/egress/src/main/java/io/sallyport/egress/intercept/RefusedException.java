package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import java.io.IOException;

/// Something does not get out.
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final EgressReason reason;

    /// A refusal.
    ///
    /// @param detail a few words of our own beside the reason's sentence, for the client and the log; may be empty
    public RefusedException(EgressReason reason, String detail) {
        super(detail.isEmpty() ? reason.sentence() : reason.sentence() + ": " + detail);
        this.reason = reason;
    }

    public EgressReason reason() {
        return reason;
    }
}
