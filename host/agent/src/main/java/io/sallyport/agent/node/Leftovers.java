package io.sallyport.agent.node;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What an agent that was killed may have left behind, and what a runtime that failed half way has.
///
/// Mounts never are among it: they live in the sandbox's own mount namespace and go with its last process.
public final class Leftovers {
    private static final Duration GROUP_WAIT = Duration.ofSeconds(10);
    private static final Duration REMOVE_WAIT = Duration.ofMinutes(5);
    private static final long STEP_NANOS = 5_000_000;

    private Leftovers() {}

    /// Kills starts that a killed agent had under way: they would finish a sandbox that nobody knows.
    public static void killStrayStarts(Path runtimeRoot) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments ->
                                List.of(arguments).containsAll(List.of(runtimeRoot.toString(), "run", "--detach")))
                        .orElse(false))
                .forEach(process -> {
                    process.destroyForcibly();
                    process.onExit()
                            .orTimeout(1, TimeUnit.SECONDS)
                            .exceptionally(e -> process)
                            .join();
                });
    }

    /// Kills what is left in the sandbox's groups and removes them, then its directory. Returns when all is gone.
    public static void remove(SandboxId sandbox, Path directory) throws IOException {
        removeGroups(sandbox);
        Command.require(Path.of("/"), REMOVE_WAIT, List.of("rm", "-rf", "--one-file-system", directory.toString()));
        if (Files.exists(directory)) {
            throw new IOException("cannot remove " + directory);
        }
    }

    private static void removeGroups(SandboxId sandbox) throws IOException {
        var deadline = Deadline.after(GROUP_WAIT);
        while (true) {
            try {
                Cgroups.remove(sandbox);
                return;
            } catch (IOException e) {
                // A group is busy until the last process in it is reaped.
                if (deadline.passed()) {
                    throw e;
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        }
    }
}
