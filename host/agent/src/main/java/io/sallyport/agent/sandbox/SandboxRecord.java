package io.sallyport.agent.sandbox;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the agent must remember of a sandbox to take it over after a crash. Written once, when the sandbox is ready: a
/// sandbox without it was never handed to anybody.
///
/// @param pid the guest daemon, in the host's numbering
/// @param startTicks when that process started, so that another one with its number is not mistaken for it
record SandboxRecord(String accessToken, long pid, long startTicks) {
    private static final String FILE = "sandbox.json";
    private static final int STAT_START_TIME = 22;

    SandboxRecord(@Nullable String accessToken, long pid, long startTicks) {
        this.accessToken = Objects.requireNonNullElse(accessToken, "");
        this.pid = pid;
        this.startTicks = startTicks;
    }

    static SandboxRecord of(String accessToken, long pid) throws IOException {
        return new SandboxRecord(accessToken, pid, startTicks(pid));
    }

    void save(Path directory) throws IOException {
        var partial = directory.resolve(FILE + ".partial");
        Files.write(partial, RecordJson.write(this));
        Files.move(partial, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    static Optional<SandboxRecord> load(Path directory) {
        try {
            return Optional.of(RecordJson.read(Files.readAllBytes(directory.resolve(FILE)), SandboxRecord.class));
        } catch (IOException | JsonException e) {
            return Optional.empty();
        }
    }

    /// Whether the process still is the one that was recorded. True where it cannot be told, for want of descriptors.
    boolean alive() {
        try {
            return startTicks(pid) == startTicks;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return !String.valueOf(e.getMessage()).contains("No such process");
        }
    }

    /// @spec https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html proc_pid_stat(5)
    private static long startTicks(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[STAT_START_TIME - 3]); // the third field is the first behind the name
    }

    @Override
    public String toString() {
        return "SandboxRecord[pid=" + pid + ", startTicks=" + startTicks + ", accessToken=set]";
    }
}
