package io.sallyport.egress.intercept;

import io.sallyport.egress.inject.Credentials;
import io.sallyport.egress.inject.Scrubbing;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import java.util.Optional;

/// What holds for a sandbox at one moment.
///
/// @param scrubbing of every answer that is looked into; empty where there is nothing to hide
public record Terms(CompiledPolicy policy, Credentials credentials, Optional<Scrubbing> scrubbing) {
    public Terms(CompiledPolicy policy, Credentials credentials) {
        this(policy, credentials, credentials.scrubbing(policy.source().transforms()));
    }

    /// Asked anew for every request.
    @FunctionalInterface
    public interface Source {
        /// What holds now.
        ///
        /// @throws RefusedException where nothing gets out any more, or nobody can say
        Terms now() throws RefusedException;
    }
}
