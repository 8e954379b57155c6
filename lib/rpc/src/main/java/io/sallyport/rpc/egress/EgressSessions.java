package io.sallyport.rpc.egress;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.UndecidedException;
import java.io.Closeable;
import java.util.Optional;

/// The control plane as the egress gateway sees it.
///
/// - **Threads**: any.
/// - **Errors**: [UndecidedException] when nobody can say at the moment, which is a refusal; never a guess.
public interface EgressSessions {
    /// The session of a running sandbox; empty when none runs under that name.
    Optional<EgressSession> find(SandboxId sandbox) throws UndecidedException;

    /// Calls `watcher` from now on until the watch is closed.
    Closeable watch(Watcher watcher);

    /// Is told what has changed.
    ///
    /// - **Threads**: one at a time.
    interface Watcher {
        /// The session of a sandbox is another now, or has ended.
        void changed(SandboxId sandbox);

        /// Anything may have changed.
        void reset();
    }
}
