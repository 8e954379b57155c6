package io.sallyport.agent.runtime;

import io.sallyport.agent.node.Command;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// `runc` and everything with the same command line.
///
/// The file system is mounted in a mount namespace made for the start, which the container inherits. So no mount of a
/// sandbox ever appears on the host, and none can be left behind. Paths in the mount options are relative, so the
/// sandbox does not learn from `/proc/self/mountinfo` where on the host it lies.
public final class OciRuntime implements ContainerRuntime {
    private static final Logger LOG = System.getLogger(OciRuntime.class.getName());
    private static final Duration START_WAIT = Duration.ofSeconds(30);
    private static final Duration COMMAND_WAIT = Duration.ofSeconds(30);

    /// Mounts in the current directory, then becomes the runtime. The container's first process inherits how nice
    /// that is: the guest daemon goes before what it starts, for which it takes that back.
    private static final String START = """
            mount -t overlay -o nodev,lowerdir=lower,upperdir=root-upper,workdir=root-work overlay rootfs
            if [ -d usr-upper ]; then
                mount -t overlay -o nodev,lowerdir=/usr,upperdir=usr-upper,workdir=usr-work overlay rootfs/usr
            fi
            mount -t overlay -o ro,nodev,nosuid,lowerdir=guest:empty overlay guest-mount
            if command -v nice >/dev/null; then
                exec nice -n -10 "$@"
            fi
            exec "$@"
            """;

    private final String program;
    private final Path root;

    /// A runtime.
    ///
    /// @param root where the program keeps its state
    public OciRuntime(String program, Path root) {
        this.program = program;
        this.root = root;
    }

    @Override
    public long start(SandboxId sandbox, Path directory) throws IOException {
        Path pidFile = directory.resolve("pid");
        var command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc"));
        command.addAll(List.of(START, "start"));
        command.addAll(command("run", "--detach", "--pid-file", pidFile.toString(), "--bundle", directory.toString()));
        command.add(sandbox.text());
        // A file and not a pipe: the container keeps its output open for as long as it lives.
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(Bundle.BOOT_LOG).toFile())
                .start();
        try {
            if (!process.waitFor(START_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " did not start within " + START_WAIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting " + sandbox, e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(program + " failed with " + process.exitValue());
        }
        return Long.parseLong(Files.readString(pidFile).strip());
    }

    @Override
    public void pause(SandboxId sandbox) throws IOException {
        require("pause", sandbox.text());
    }

    @Override
    public void resume(SandboxId sandbox) throws IOException {
        require("resume", sandbox.text());
    }

    @Override
    public void destroy(SandboxId sandbox) throws IOException {
        try {
            var state = state(sandbox);
            if (state == State.PAUSED) {
                resume(sandbox); // a frozen process does not die of a signal
            }
            if (state != State.ABSENT) {
                require("delete", "--force", sandbox.text());
            }
        } catch (IOException e) {
            // What it wrote down of the sandbox may be damaged. The cgroup still says what is to be killed.
            LOG.log(
                    Level.WARNING,
                    "{0} cannot remove {1}, it is removed without: {2}",
                    program,
                    sandbox,
                    e.getMessage());
            Command.require(
                    Path.of("/"),
                    COMMAND_WAIT,
                    List.of("rm", "-rf", root.resolve(sandbox.text()).toString()));
        }
    }

    @Override
    public State state(SandboxId sandbox) throws IOException {
        var result = Command.run(Path.of("/"), COMMAND_WAIT, command("state", sandbox.text()));
        if (!result.ok()) {
            if (result.output().contains("does not exist")) {
                return State.ABSENT;
            }
            throw new IOException(program + " state: " + result.output().strip());
        }
        return switch (status(result.output())) {
            case "running", "created" -> State.RUNNING;
            case "paused" -> State.PAUSED;
            default -> State.STOPPED;
        };
    }

    private record StateAnswer(@Nullable String status) {}

    private String status(String json) throws IOException {
        try {
            var answer = RecordJson.read(json.getBytes(StandardCharsets.UTF_8), StateAnswer.class);
            return String.valueOf(answer.status());
        } catch (JsonException e) {
            throw new IOException(program + " state is not understood: " + e.getMessage(), e);
        }
    }

    private void require(String... arguments) throws IOException {
        Command.require(Path.of("/"), COMMAND_WAIT, command(arguments));
    }

    private List<String> command(String... arguments) {
        var command = new ArrayList<>(List.of(program, "--root", root.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
