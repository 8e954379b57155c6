package io.sallyport.rpc.egress.policy;

import io.sallyport.rpc.egress.EgressReason;

/// What a policy says to something.
public sealed interface Verdict {
    /// Which entry decided: `allow[0] *.example.com`, `mode open`, `address link_local`; empty where none did.
    String rule();

    default boolean isAllowed() {
        return this instanceof Allowed;
    }

    record Allowed(String rule) implements Verdict {}

    record Refused(EgressReason reason, String rule) implements Verdict {}
}
