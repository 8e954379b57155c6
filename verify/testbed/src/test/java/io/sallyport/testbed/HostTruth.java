package io.sallyport.testbed;

import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the machine itself says about a sandbox, asked without any of our code.
final class HostTruth {
    private static final String ESTABLISHED = "01";

    private HostTruth() {}

    /// Everything on this machine that bears the sandbox's id: mounts, cgroups, processes, directories,
    /// containers.
    static List<String> traces(SandboxId id, Path home) throws IOException {
        var found = new ArrayList<String>();
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(id.text()) || line.contains(home.toString()))
                .forEach(line -> found.add("mount " + line));
        for (var group : cgroups()) {
            if (group.toString().contains(id.text())) {
                found.add("cgroup " + group);
            }
        }
        ProcessHandle.allProcesses().forEach(process -> {
            boolean named = cgroupOf(process.pid()).contains(id.text())
                    || process.info().commandLine().orElse("").contains(id.text());
            if (named && !ended(process.pid())) {
                found.add("process " + process.pid() + " "
                        + process.info().commandLine().orElse(""));
            }
        });
        for (var directory : List.of(home.resolve("agent/sandboxes"), home.resolve("agent/runtime"))) {
            if (Files.exists(directory.resolve(id.text()))) {
                found.add("directory " + directory.resolve(id.text()));
            }
        }
        return found;
    }

    /// Network namespaces that processes of this machine live in, by their identity.
    static List<String> networkNamespaces() {
        return ProcessHandle.allProcesses()
                .map(process -> link(Path.of("/proc/" + process.pid() + "/ns/net")))
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    /// What the descriptors of a process point to.
    static List<String> openFiles(long pid) throws IOException {
        var found = new ArrayList<String>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            descriptors.forEach(descriptor -> found.add(link(descriptor)));
        }
        return found;
    }

    /// The local ports of a process's TCP connections to a port of this machine.
    static Set<Integer> connections(long pid, int port) throws IOException {
        var sockets = Set.copyOf(openFiles(pid));
        var found = new TreeSet<Integer>();
        for (var table : List.of("tcp", "tcp6")) {
            Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table)).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(fields -> fields[3].equals(ESTABLISHED)
                            && portOf(fields[2]) == port
                            && sockets.contains("socket:[" + fields[9] + "]"))
                    .forEach(fields -> found.add(portOf(fields[1])));
        }
        return found;
    }

    /// @param address `0100007F:1F90`
    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    /// Every cgroup of ours.
    static List<Path> cgroups() throws IOException {
        var found = new ArrayList<Path>();
        try (var hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
            for (var hierarchy : hierarchies) {
                var parent = hierarchy.endsWith("sallyport") ? hierarchy : hierarchy.resolve("sallyport");
                if (Files.isDirectory(parent)) {
                    try (Stream<Path> groups = Files.walk(parent)) {
                        groups.filter(Files::isDirectory).forEach(found::add);
                    } catch (UncheckedIOException e) {
                        // A group that went away meanwhile, which is what is waited for.
                    }
                }
            }
        }
        return found;
    }

    /// Whether the freezer holds the group of that name, as cgroup v1 or v2 says it.
    static boolean frozen(String name) throws IOException {
        for (var group : cgroups()) {
            for (var file : List.of(group.resolve("freezer.state"), group.resolve("cgroup.freeze"))) {
                if (group.endsWith(name)
                        && Files.exists(file)
                        && Files.readString(file).matches("(?s)(FROZEN|1).*")) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Resident memory of a process, in KiB.
    static long residentKiB(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS for " + pid);
    }

    static void removeTree(Path tree) {
        try {
            run("rm", "-rf", "--one-file-system", tree.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a program of this machine and gives both its outputs.
    static String run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return said;
    }

    private static String cgroupOf(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cgroup"));
        } catch (IOException e) {
            return "";
        }
    }

    /// Whether a process has ended; it may still wait for its parent to take notice.
    static boolean ended(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
