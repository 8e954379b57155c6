package io.sallyport.rpc.route;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;

/// The control plane as a gateway sees it. In one process the control plane itself, between machines a client
/// of it.
///
/// - **Threads**: any.
/// - **Errors**: [UndecidedException] when nobody can say at the moment; never a guess.
public interface Routes {
    /// Where a sandbox is and who may reach it; empty when there never was one of that name.
    Optional<Route> find(SandboxId sandbox) throws UndecidedException;

    /// Whether a credential opens a port of a sandbox, and until when.
    Opening opens(SandboxId sandbox, Port port, Credential credential) throws UndecidedException;

    /// Keeps the profile a gateway found out for a port, unless one is pinned.
    void learned(SandboxId sandbox, Port port, HeaderProfile profile) throws UndecidedException;

    /// Tells what went through since the last report. A report that is lost is lost.
    void report(List<PortTraffic> traffic) throws UndecidedException;

    /// Calls `watcher` from now on until the watch is closed. It goes on by itself when the way to whoever
    /// knows is broken for a while; [Watcher#reset()] says that changes may have been missed.
    Closeable watch(Watcher watcher);

    /// Is told what has changed.
    ///
    /// - **Threads**: one at a time.
    interface Watcher {
        /// The route of a sandbox is another now, or there is none.
        void changed(SandboxId sandbox);

        /// A credential was revoked.
        void credentialsChanged();

        /// Anything may have changed.
        void reset();
    }
}
