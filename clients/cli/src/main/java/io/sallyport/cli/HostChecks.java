package io.sallyport.cli;

import io.sallyport.wire.net.Listener;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks at this machine, one thing at a time. Changes nothing.
public final class HostChecks {
    private static final int JAVA = 25;
    private static final int COMMAND_SECONDS = 10;
    private static final List<String> CONTROLLERS = List.of("memory", "pids", "cpu");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");

    private HostChecks() {}

    public static Check java() {
        var version = Runtime.version().toString();
        return Runtime.version().feature() >= JAVA
                ? Check.ok("java", version)
                : Check.missing("java", version, "install a JDK " + JAVA + " and set JAVA_HOME");
    }

    public static Check root() {
        var user = System.getProperty("user.name");
        return "root".equals(user)
                ? Check.ok("root", user)
                : Check.missing(
                        "root",
                        "running as " + user,
                        "run it with sudo: sandboxes need namespaces, mounts and cgroups");
    }

    public static Check runtime(String name) {
        for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!name.isBlank() && Files.isExecutable(Path.of(folder, name))) {
                return Check.ok(
                        "runtime",
                        name + ": "
                                + output(name, "--version").lines().findFirst().orElse("?"));
            }
        }
        return Check.missing(
                "runtime", "the runtime \"" + name + "\" is not in PATH", "run bin/setup, or: apt-get install " + name);
    }

    static Check namespaces() {
        var said = output("unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "echo", "yes");
        return said.strip().equals("yes")
                ? Check.ok("namespaces", "mount, net, pid, ipc, uts")
                : Check.missing(
                        "namespaces",
                        said.strip(),
                        "run as root, on a kernel with namespaces, not inside a locked-down container");
    }

    static Check cgroups() throws IOException {
        var missing = new ArrayList<String>();
        var unified = CGROUP.resolve("cgroup.controllers");
        var inUnified = Files.exists(unified)
                ? List.of(Files.readString(unified).strip().split(" ", -1))
                : List.<String>of();
        for (var controller : CONTROLLERS) {
            if (!inUnified.contains(controller) && !Files.isDirectory(CGROUP.resolve(controller))) {
                missing.add(controller);
            }
        }
        return missing.isEmpty()
                ? Check.ok("cgroups", inUnified.isEmpty() ? "v1" : "v2")
                : Check.missing(
                        "cgroups",
                        "no controller " + missing,
                        "mount cgroup2 on /sys/fs/cgroup with these controllers");
    }

    /// Tries a real overlay mount, in a mount namespace of its own.
    static Check overlay(Path home) throws IOException {
        var parent = existing(home);
        var scratch = Files.createTempDirectory(parent, ".sallyport-doctor");
        try {
            var script =
                    "cd \"$1\" && mkdir l u w m && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w overlay m && echo yes";
            var said = output(
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "/bin/sh",
                    "-c",
                    script,
                    "sh",
                    scratch.toString());
            return said.strip().equals("yes")
                    ? Check.ok("overlay", "works under " + parent)
                    : Check.missing(
                            "overlay", said.strip(), "choose a --home on ext4 or xfs, and load the overlay module");
        } finally {
            output("rm", "-rf", scratch.toString());
        }
    }

    public static Check port(InetSocketAddress address) {
        try (var listener = Listener.bind(address)) {
            return Check.ok("port", text(listener.address()) + " is free");
        } catch (IOException e) {
            return Check.missing(
                    "port",
                    text(address) + ": " + e.getMessage(),
                    "stop what listens there, or choose another with --listen");
        }
    }

    static Check sudo() {
        return Files.isExecutable(Path.of("/usr/bin/sudo"))
                ? Check.ok("sudo", "/usr/bin/sudo, for sandboxes of template base")
                : Check.advice(
                        "sudo", "not installed", "apt-get install sudo, for sudo inside sandboxes of template base");
    }

    static Check nft() {
        boolean there = Stream.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft")
                .map(Path::of)
                .anyMatch(Files::isExecutable);
        return there
                ? Check.ok("nft", "leads programs in sandboxes that know of no proxy to the way out")
                : Check.advice("nft", "not installed", "apt-get install nftables, for programs that know of no proxy");
    }

    static Check localhostNames() {
        try {
            var addresses = InetAddress.getAllByName("3000-test.localhost");
            boolean loopback = List.of(addresses).stream().allMatch(InetAddress::isLoopbackAddress);
            return loopback
                    ? Check.ok("*.localhost", "resolves to " + addresses[0].getHostAddress())
                    : Check.advice(
                            "*.localhost", "resolves elsewhere", "ask your resolver not to answer for localhost");
        } catch (UnknownHostException e) {
            return Check.advice(
                    "*.localhost",
                    "does not resolve on this machine",
                    "nothing for browsers and curl, which know it; for other programs: apt-get install libnss-myhostname");
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static Path existing(Path path) {
        @Nullable Path at = path.toAbsolutePath();
        while (at != null && !Files.isDirectory(at)) {
            at = at.getParent();
        }
        return at == null ? Path.of("/") : at;
    }

    /// What a program says on both outputs, or why it cannot be run.
    private static String output(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return said;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
