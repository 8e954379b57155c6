package io.sallyport.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Threads of a program that have a share of the processors of their own, whatever else the program does: the
/// kernel divides time between groups first and between the threads of a group then, so that no niceness helps a
/// thread whose group has used its share up.
///
/// Only with control groups v1, where threads of one process may be in different groups.
///
/// - **Threads**: any.
/// - **Closes**: nobody; an empty group costs nothing, and other programs may be in it.
/// @spec https://docs.kernel.org/admin-guide/cgroup-v1/cgroups.html cgroup v1, the tasks file
public final class CpuGroup {
    private static final Path HIERARCHY = Path.of("/sys/fs/cgroup/cpu");
    private static final Path OWN_THREADS = Path.of("/proc/self/task");
    private static final String CALLER = "0";

    private final Path group;

    private CpuGroup(Path group) {
        this.group = group;
    }

    /// The group of this name, made where it is missing; empty where there is no such hierarchy or we may not.
    ///
    /// @param shares how much it weighs beside others; a group weighs 1024 where nobody says anything
    public static Optional<CpuGroup> of(String name, int shares) {
        var group = HIERARCHY.resolve(name);
        if (!Files.exists(HIERARCHY.resolve("cpu.shares"))) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(group);
            Files.writeString(group.resolve("cpu.shares"), Integer.toString(shares));
            return Optional.of(new CpuGroup(group));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Adds all threads that this program has, and with them what threads and programs they start.
    public void addThisProgram() throws IOException {
        Files.writeString(group.resolve("cgroup.procs"), CALLER);
    }

    /// Adds the calling thread, which must be a platform thread, and with it what threads it starts.
    public void addThisThread() throws IOException {
        addTask(CALLER);
    }

    /// Adds those threads of this program that the kernel knows by this name.
    public void addThreads(String name) throws IOException {
        try (var threads = Files.newDirectoryStream(OWN_THREADS)) {
            for (var thread : threads) {
                if (nameOf(thread).equals(name)) {
                    addTask(thread.getFileName().toString());
                }
            }
        }
    }

    private void addTask(String thread) throws IOException {
        Files.writeString(group.resolve("tasks"), thread);
    }

    /// Empty for a thread that has ended meanwhile.
    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
