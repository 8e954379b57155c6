package io.sallyport.egress.dial;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.List;

/// Names to addresses.
///
/// - **Threads**: any.
public interface Resolver {
    /// Every address of a name, at least one, in the order in which they should be tried.
    ///
    /// @param sandbox for which it is
    List<IpAddress> resolve(SandboxId sandbox, HostName name, Deadline deadline) throws ResolveException;
}
