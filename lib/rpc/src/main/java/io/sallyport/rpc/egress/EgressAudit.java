package io.sallyport.rpc.egress;

import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.util.List;

/// What the egress gateway can tell of a sandbox's way out; the control plane shows it.
///
/// - **Threads**: any.
public interface EgressAudit {
    /// The most records that one [#read] gives, whatever is asked for.
    int READ_MAX = 1_000;

    /// A sandbox's records in their order, those behind `afterSeq` only; the oldest may be gone already.
    ///
    /// @param afterSeq 0 for all that is there
    List<EgressRecord> read(SandboxId sandbox, long afterSeq, int max) throws IOException;

    /// What is going on now; zeros and empty lists for a sandbox that never came.
    EgressState state(SandboxId sandbox);
}
