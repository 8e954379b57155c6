package io.sallyport.agent.runtime;

import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.nio.file.Path;

/// What isolates a sandbox. How strong the isolation is, is the choice of a runtime and nothing else.
///
/// - **Threads**: any, but one call at a time for one sandbox.
public interface ContainerRuntime {
    /// Whether a container exists, and whether it runs.
    enum State {
        ABSENT,
        RUNNING,
        PAUSED,
        STOPPED
    }

    /// Starts a container from the bundle in `directory`, see [Bundle], and gives the pid of its first process, in the
    /// host's numbering. What that process writes goes to [Bundle#BOOT_LOG].
    long start(SandboxId sandbox, Path directory) throws IOException;

    void pause(SandboxId sandbox) throws IOException;

    void resume(SandboxId sandbox) throws IOException;

    /// Kills a container, paused or not, and forgets it. Does nothing when there is none.
    void destroy(SandboxId sandbox) throws IOException;

    State state(SandboxId sandbox) throws IOException;
}
