package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import java.io.IOException;

/// Something does not get out.
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final EgressReason reason;
    private final String detail;

    /// A refusal.
    ///
    /// @param detail for the log: a few words of our own beside the reason's sentence, or the rule that
    /// decided; may be empty
    public RefusedException(EgressReason reason, String detail) {
        super(detail.isEmpty() ? reason.sentence() : reason.sentence() + ": " + detail);
        this.reason = reason;
        this.detail = detail;
    }

    public EgressReason reason() {
        return reason;
    }

    public String detail() {
        return detail;
    }
}
