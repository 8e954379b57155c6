package io.sallyport.agent.image;

import io.sallyport.agent.node.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The root of template `base`: everything but `/usr`, generated.
///
/// The host's programs come with its `/usr`; its data does not come at all. What `/etc` must say for those programs to
/// run is written here from nothing, with two exceptions that only say where in `/usr` something lies: the links of
/// `/etc/alternatives` and the linker's cache. Certificate authorities are those under `/usr/share/ca-certificates`.
final class BaseTemplate {
    /// To be raised when what is generated changes.
    private static final String GENERATION = "1";

    private static final Path ALTERNATIVES = Path.of("/etc/alternatives");
    private static final Path AUTHORITIES = Path.of("/usr/share/ca-certificates");
    private static final Duration LDCONFIG_WAIT = Duration.ofSeconds(60);
    private static final int USER_ID = 1000;

    private static final List<String> DIRECTORIES = List.of(
            "dev",
            "etc/ssl/certs",
            "etc/pam.d",
            "etc/sudoers.d",
            "home",
            "media",
            "mnt",
            "opt",
            "proc",
            "run",
            "srv",
            "sys",
            "usr",
            "var/cache",
            "var/lib",
            "var/log",
            "var/mail");

    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("etc/passwd", """
                    root:x:0:0:root:/root:/bin/bash
                    daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
                    nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                    user:x:1000:1000::/home/user:/bin/bash
                    """),
            Map.entry("etc/group", """
                    root:x:0:
                    daemon:x:1:
                    tty:x:5:
                    sudo:x:27:user
                    staff:x:50:
                    nogroup:x:65534:
                    user:x:1000:
                    """),
            Map.entry("etc/shadow", """
                    root:*:20000:0:99999:7:::
                    daemon:*:20000:0:99999:7:::
                    nobody:*:20000:0:99999:7:::
                    user:*:20000:0:99999:7:::
                    """),
            Map.entry("etc/hostname", "sandbox\n"),
            Map.entry("etc/hosts", """
                    127.0.0.1 localhost sandbox
                    ::1 localhost ip6-localhost ip6-loopback
                    """),
            Map.entry("etc/nsswitch.conf", """
                    passwd: files
                    group: files
                    shadow: files
                    hosts: files dns
                    networks: files
                    protocols: files
                    services: files
                    """),
            Map.entry("etc/resolv.conf", ""),
            Map.entry("etc/shells", "/bin/sh\n/bin/bash\n"),
            Map.entry("etc/timezone", "Etc/UTC\n"),
            Map.entry("etc/profile", """
                    if [ "$(id -u)" -eq 0 ]; then
                        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                    else
                        PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games
                    fi
                    export PATH
                    if [ "${PS1-}" ] && [ -n "${BASH-}" ]; then
                        PS1='\\u@\\h:\\w\\$ '
                    fi
                    """),
            Map.entry("etc/sudoers", """
                    Defaults env_reset
                    Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
                    root ALL=(ALL:ALL) ALL
                    user ALL=(ALL:ALL) NOPASSWD: ALL
                    @includedir /etc/sudoers.d
                    """),
            Map.entry("etc/pam.d/sudo", """
                    auth sufficient pam_permit.so
                    account sufficient pam_permit.so
                    session required pam_permit.so
                    """),
            Map.entry("etc/pam.d/su", """
                    auth sufficient pam_rootok.so
                    auth required pam_deny.so
                    account sufficient pam_permit.so
                    session required pam_permit.so
                    """),
            Map.entry("etc/pam.d/other", """
                    auth required pam_deny.so
                    account required pam_deny.so
                    password required pam_deny.so
                    session required pam_deny.so
                    """),
            Map.entry("etc/ssl/openssl.cnf", "openssl_conf = openssl_init\n[openssl_init]\n"));

    private static final Map<String, String> PRIVATE_MODES = Map.of(
            "etc/shadow", "rw-r-----",
            "etc/sudoers", "r--r-----",
            "root", "rwx------");

    private static final Map<String, String> LINKS = Map.of(
            "etc/localtime", "/usr/share/zoneinfo/Etc/UTC",
            "etc/mtab", "/proc/self/mounts",
            "etc/os-release", "../usr/lib/os-release",
            "var/run", "/run",
            "var/lock", "/run/lock");

    private final Map<String, String> alternatives;

    BaseTemplate() throws IOException {
        alternatives = alternatives();
    }

    /// Names the result: the same machine and generator give the same name.
    String version() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((GENERATION + FILES + alternatives).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void write(Path root) throws IOException {
        Files.createDirectories(root);
        for (var name : DIRECTORIES) {
            Files.createDirectories(root.resolve(name));
        }
        for (var name : List.of("tmp", "var/tmp")) {
            Files.createDirectory(root.resolve(name));
            Files.setAttribute(root.resolve(name), "unix:mode", 01777);
        }
        Files.createDirectory(root.resolve("root"));
        var home = Files.createDirectory(root.resolve("home/user"));
        Files.setAttribute(home, "unix:uid", USER_ID);
        Files.setAttribute(home, "unix:gid", USER_ID);
        for (var file : FILES.entrySet()) {
            Files.writeString(root.resolve(file.getKey()), file.getValue());
        }
        for (var mode : PRIVATE_MODES.entrySet()) {
            Files.setPosixFilePermissions(
                    root.resolve(mode.getKey()), PosixFilePermissions.fromString(mode.getValue()));
        }
        for (var link : LINKS.entrySet()) {
            Files.createSymbolicLink(root.resolve(link.getKey()), Path.of(link.getValue()));
        }
        writeMergedUsr(root);
        Files.createDirectory(root.resolve("etc/alternatives"));
        for (var link : alternatives.entrySet()) {
            Files.createSymbolicLink(root.resolve("etc/alternatives/" + link.getKey()), Path.of(link.getValue()));
        }
        writeAuthorities(root.resolve("etc/ssl/certs/ca-certificates.crt"));
        Command.require(
                Path.of("/"),
                LDCONFIG_WAIT,
                List.of(
                        "/sbin/ldconfig",
                        "-X",
                        "-C",
                        root.resolve("etc/ld.so.cache").toString()));
    }

    /// `/bin` and its like, as links into `/usr`.
    private static void writeMergedUsr(Path root) throws IOException {
        for (var name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
            var onHost = Path.of("/" + name);
            if (Files.isSymbolicLink(onHost)) {
                Files.createSymbolicLink(root.resolve(name), Files.readSymbolicLink(onHost));
            } else if (Files.isDirectory(onHost)) {
                throw new IOException("/" + name + " is a directory (expected: a link into /usr, as on Debian 12);"
                        + " import a template instead of using base");
            }
        }
    }

    private static Map<String, String> alternatives() throws IOException {
        var links = new TreeMap<String, String>();
        if (!Files.isDirectory(ALTERNATIVES)) {
            return links;
        }
        try (var entries = Files.newDirectoryStream(ALTERNATIVES)) {
            for (var entry : entries) {
                if (Files.isSymbolicLink(entry)) {
                    var target = Files.readSymbolicLink(entry);
                    if (target.startsWith("/usr") || target.startsWith("/bin") || target.startsWith("/lib")) {
                        links.put(entry.getFileName().toString(), target.toString());
                    }
                }
            }
        }
        return links;
    }

    private static void writeAuthorities(Path bundle) throws IOException {
        if (!Files.isDirectory(AUTHORITIES)) {
            return;
        }
        var all = new StringBuilder();
        try (var files = Files.walk(AUTHORITIES)) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".crt")).sorted().toList()) {
                all.append(Files.readString(file).strip()).append('\n');
            }
        }
        Files.writeString(bundle, all);
    }
}
