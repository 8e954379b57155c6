package io.sallyport.egress.intercept;

import io.sallyport.egress.inject.Credentials;
import io.sallyport.rpc.egress.policy.CompiledPolicy;

/// What holds for a sandbox at one moment.
public record Terms(CompiledPolicy policy, Credentials credentials) {
    /// Asked anew for every request.
    @FunctionalInterface
    public interface Source {
        /// What holds now.
        ///
        /// @throws RefusedException where nothing gets out any more, or nobody can say
        Terms now() throws RefusedException;
    }
}
