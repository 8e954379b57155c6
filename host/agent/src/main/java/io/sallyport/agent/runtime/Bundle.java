package io.sallyport.agent.runtime;

import io.sallyport.agent.node.Cgroups;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.SandboxSpec.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The directory an OCI runtime starts a container from.
///
/// | entry | what it is |
/// |---|---|
/// | `config.json` | the container, from `config.json` beside this class |
/// | `rootfs`, `guest-mount` | where the file systems are mounted while the container starts; empty on the host |
/// | `lower`, `root-upper`, `root-work` | the template, the sandbox's changes, overlayfs's scratch |
/// | `usr-upper`, `usr-work` | the same for the host's `/usr`, where the template wants it |
/// | `guest`, `empty` | the guest image, and the second layer a read-only overlay needs |
/// | `boot.log` | what runtime and guest daemon write while they start |
///
/// @spec https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config.md OCI runtime specification
public final class Bundle {
    /// What changes of the sandbox go to, seen from the bundle.
    public static final String UPPER = "root-upper";

    /// What runtime and guest daemon write while they start; the daemon lets go of it when it is ready.
    public static final String BOOT_LOG = "boot.log";

    private static final long CPU_PERIOD_US = 100_000;
    private static final int CPU_SHARES = 1024;

    private Bundle() {}

    /// Writes the bundle's files into `directory`.
    ///
    /// @param root the template's root file system
    /// @param withHostUsr whether the host's `/usr` is laid over it
    /// @param environment more of it for the guest daemon, `NAME=VALUE`, with nothing that JSON would escape
    public static void write(
            Path directory,
            SandboxId sandbox,
            Resources resources,
            Path root,
            boolean withHostUsr,
            Path guestImage,
            List<String> environment)
            throws IOException {
        for (var name : new String[] {"rootfs", "guest-mount", "empty", UPPER, "root-work"}) {
            Files.createDirectory(directory.resolve(name));
        }
        if (withHostUsr) {
            Files.createDirectory(directory.resolve("usr-upper"));
            Files.createDirectory(directory.resolve("usr-work"));
        }
        Files.createSymbolicLink(directory.resolve("lower"), root);
        Files.createSymbolicLink(directory.resolve("guest"), guestImage);
        Files.writeString(directory.resolve("config.json"), config(sandbox, resources, environment));
    }

    static String config(SandboxId sandbox, Resources resources, List<String> environment) throws IOException {
        var more =
                environment.stream().map(variable -> ", \"" + variable + "\"").collect(Collectors.joining());
        return resource("config.json")
                .replace(", \"@ENVIRONMENT@\"", more)
                .replace("@CGROUP@", Cgroups.path(sandbox))
                .replace("\"@MEMORY_BYTES@\"", Long.toString((long) resources.memoryMiB() << 20))
                .replace("\"@CPU_QUOTA_US@\"", Long.toString(resources.cpus() * CPU_PERIOD_US))
                .replace("\"@CPU_PERIOD_US@\"", Long.toString(CPU_PERIOD_US))
                .replace("\"@CPU_SHARES@\"", Long.toString((long) CPU_SHARES * resources.cpus()))
                .replace("\"@PIDS@\"", Integer.toString(resources.pids()))
                .replace("\"@SECCOMP@\"", resource("seccomp.json"));
    }

    private static String resource(String name) throws IOException {
        try (var stream = Bundle.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("resource missing: " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
