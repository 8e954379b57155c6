package io.sallyport.agent.node;

import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The control groups of a sandbox, in every hierarchy: one directory with cgroup v2, one per controller with
/// v1.
public final class Cgroups {
    /// Every sandbox's group is a child of this one.
    public static final String PARENT = "/sallyport";

    /// What one process that is in no group weighs, or one group by itself, with cgroup v2.
    private static final String ORDINARY_SHARES = "1024";
    private static final String ORDINARY_WEIGHT = "100";

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private Cgroups() {}

    /// The group's name for the runtime.
    public static String path(SandboxId sandbox) {
        return PARENT + "/" + sandbox;
    }

    /// The processes of a sandbox, as the host numbers them.
    public static List<Long> processes(SandboxId sandbox) throws IOException {
        var groups = directories(path(sandbox));
        return groups.isEmpty() ? List.of() : pids(groups.getFirst());
    }

    /// Lets all sandboxes together have no more of a busy processor than any other program of the machine has. To be
    /// called when there is a sandbox, because the runtime makes the parent.
    public static void weighParent() throws IOException {
        var weights = Map.of("cpu.shares", ORDINARY_SHARES, "cpu.weight", ORDINARY_WEIGHT);
        for (var group : directories(PARENT)) {
            for (var weight : weights.entrySet()) {
                if (Files.exists(group.resolve(weight.getKey()))) {
                    Files.writeString(group.resolve(weight.getKey()), weight.getValue());
                }
            }
        }
    }

    /// Kills whatever is in the sandbox's groups and removes them.
    static void remove(SandboxId sandbox) throws IOException {
        for (var group : directories(path(sandbox))) {
            thaw(group);
            for (var pid : pids(group)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            Files.deleteIfExists(group);
        }
    }

    /// Removes the parent where no sandbox is left in it.
    public static void removeEmptyParent() throws IOException {
        for (var group : directories(PARENT)) {
            try {
                Files.deleteIfExists(group);
            } catch (IOException e) {
                // Another platform on this machine has sandboxes in it.
            }
        }
    }

    private static List<Path> directories(String name) throws IOException {
        var found = new ArrayList<Path>();
        var relative = name.substring(1);
        try (var hierarchies = Files.newDirectoryStream(MOUNT)) {
            for (var hierarchy : hierarchies) {
                if (Files.isDirectory(hierarchy.resolve(relative))) {
                    found.add(hierarchy.resolve(relative));
                }
            }
        }
        if (Files.isDirectory(MOUNT.resolve(relative))) {
            found.add(MOUNT.resolve(relative));
        }
        return found;
    }

    private static void thaw(Path group) throws IOException {
        if (Files.exists(group.resolve("freezer.state"))) {
            Files.writeString(group.resolve("freezer.state"), "THAWED");
        }
        if (Files.exists(group.resolve("cgroup.freeze"))) {
            Files.writeString(group.resolve("cgroup.freeze"), "0");
        }
    }

    private static List<Long> pids(Path group) throws IOException {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                    .map(Long::parseLong)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
