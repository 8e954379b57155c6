package io.sallyport.rpc.host;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.Listening;
import java.io.Closeable;
import java.io.InputStream;
import java.util.List;

/// A machine that runs sandboxes. In one process the agent itself, between hosts a client of it.
///
/// - **Threads**: any; calls for one sandbox happen one after the other.
/// - **Errors**: [HostException] names what the caller can act on.
public interface HostAgent {
    /// Makes a sandbox and returns when its guest daemon answers. On failure nothing is left of it.
    void create(SandboxSpec spec) throws HostException;

    /// Ends a sandbox and removes everything of it. Does nothing when there is none.
    void destroy(SandboxId sandbox) throws HostException;

    /// Stops all its processes where they are.
    void pause(SandboxId sandbox) throws HostException;

    void resume(SandboxId sandbox) throws HostException;

    /// The sandboxes that exist here.
    List<HostedSandbox> list() throws HostException;

    /// The newest output of the sandbox's log, oldest first: what its daemon reported and what its detached
    /// commands wrote.
    byte[] log(SandboxId sandbox) throws HostException;

    /// What listens in a sandbox.
    Listening listening(SandboxId sandbox) throws HostException;

    /// Calls `watcher` from now on until the watch is closed.
    Closeable watch(Watcher watcher);

    /// Is told what happens on a host by itself.
    ///
    /// - **Threads**: any, one at a time.
    interface Watcher {
        /// A sandbox has ended and was removed.
        void exited(SandboxId sandbox);

        /// The host was out of reach: anything may have happened meanwhile.
        default void reset() {}
    }

    List<String> templates() throws HostException;

    /// Makes a template of a tar stream, or replaces it; running sandboxes keep what they have.
    void importTemplate(String name, InputStream tar) throws HostException;
}
