package io.sallyport.agent.sandbox;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What the agent must remember of a sandbox to take it over after a crash. Written once, when the sandbox is
/// ready: a
/// sandbox without it was never handed to anybody.
///
/// @param pid the guest daemon, in the host's numbering
/// @param startTicks when that process started, so that another one with its number is not mistaken for it
/// @param egress whether it has a door to the outside
record SandboxRecord(String accessToken, long pid, long startTicks, boolean egress) {
    private static final String FILE = "sandbox.json";
    private static final int STAT_FIRST = 3; // behind the name
    private static final int STAT_STATE = 3;
    private static final int STAT_START_TIME = 22;
    private static final Duration END_STEP = Duration.ofMillis(2);

    SandboxRecord(@Nullable String accessToken, long pid, long startTicks, boolean egress) {
        this.accessToken = Objects.requireNonNullElse(accessToken, "");
        this.pid = pid;
        this.startTicks = startTicks;
        this.egress = egress;
    }

    static SandboxRecord of(String accessToken, long pid, boolean egress) throws IOException {
        return new SandboxRecord(accessToken, pid, startTicks(pid), egress);
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

    /// Whether the process still is the one that was recorded. True where it cannot be told, for want of
    /// descriptors.
    boolean alive() {
        try {
            return startTicks(pid) == startTicks;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return !String.valueOf(e.getMessage()).contains("No such process");
        }
    }

    /// Asks the guest daemon to end, so that it can say goodbye, and waits until it has, at most for `wait`.
    void askToEnd(Duration wait) {
        var deadline = Deadline.after(wait);
        try {
            if (!alive() || !ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(false)) {
                return;
            }
            while (!deadline.passed() && !stat(pid)[STAT_STATE - STAT_FIRST].equals("Z")) {
                LockSupport.parkNanos(END_STEP.toNanos());
            }
        } catch (IOException e) {
            // It is gone.
        }
    }

    private static long startTicks(long pid) throws IOException {
        return Long.parseLong(stat(pid)[STAT_START_TIME - STAT_FIRST]);
    }

    /// The fields behind the name.
    ///
    /// @spec https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html proc_pid_stat(5)
    private static String[] stat(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    @Override
    public String toString() {
        return "SandboxRecord[pid=" + pid + ", startTicks=" + startTicks + ", egress=" + egress + ", accessToken=set]";
    }
}
