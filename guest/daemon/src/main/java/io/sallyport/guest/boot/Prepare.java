package io.sallyport.guest.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a sandbox needs and a template may lack. Each step looks first, so a second run changes nothing.
public final class Prepare {
    private static final String USER = "user";
    private static final int USER_ID = 1000;
    private static final Path HOME = Path.of("/home/user");
    private static final Path SUDOERS = Path.of("/etc/sudoers.d/sallyport-user");

    private Prepare() {}

    /// Makes sure of: `root` and `user` (uid 1000 unless taken) with home and passwordless sudo, `/tmp`, `/etc/hosts`.
    public static void sandbox() throws IOException {
        Files.createDirectories(Path.of("/etc"));
        temporary(Path.of("/tmp"));
        temporary(Path.of("/var/tmp"));
        if (Accounts.lines(Accounts.PASSWD).stream().noneMatch(line -> line.startsWith("root:"))) {
            append(Accounts.PASSWD, "root:x:0:0:root:/root:/bin/sh\n");
            append(Accounts.GROUP, "root:x:0:\n");
        }
        if (new Accounts().find(USER).isEmpty()) {
            addUser();
        }
        if (Files.isDirectory(Path.of("/etc/sudoers.d")) && !Files.exists(SUDOERS)) {
            Files.writeString(SUDOERS, USER + " ALL=(ALL:ALL) NOPASSWD: ALL\n");
            Files.setPosixFilePermissions(SUDOERS, PosixFilePermissions.fromString("r--r-----"));
        }
        if (!Files.exists(Path.of("/etc/hosts"))) {
            Files.writeString(Path.of("/etc/hosts"), "127.0.0.1 localhost\n::1 localhost ip6-localhost\n");
        }
    }

    private static void addUser() throws IOException {
        int id = freeId(Accounts.lines(Accounts.PASSWD), Accounts.lines(Accounts.GROUP));
        var shell = Files.exists(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
        append(Accounts.GROUP, USER + ":x:" + id + ":\n");
        append(Accounts.PASSWD, USER + ":x:" + id + ":" + id + "::" + HOME + ":" + shell + "\n");
        Files.createDirectories(HOME);
        Files.setAttribute(HOME, "unix:uid", id);
        Files.setAttribute(HOME, "unix:gid", id);
    }

    /// The first id from 1000 on that is neither a user's nor a group's.
    static int freeId(List<String> passwd, List<String> group) {
        Set<String> taken = new HashSet<>();
        for (var lines : List.of(passwd, group)) {
            for (var line : lines) {
                var fields = line.split(":", -1);
                if (fields.length > 2) {
                    taken.add(fields[2]);
                }
            }
        }
        int id = USER_ID;
        while (taken.contains(Integer.toString(id))) {
            id++;
        }
        return id;
    }

    private static void temporary(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            Files.setAttribute(directory, "unix:mode", 01777);
        }
    }

    private static void append(Path file, String line) throws IOException {
        Files.write(file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
