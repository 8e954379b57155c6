package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Templates from a tar stream: a Debian root with neither Java nor our user in it, and archives that are none.
final class TemplateTest {
    private static final Testbed BED = Testbed.get();

    /// The packages a small Debian system consists of, taken from this machine as they are installed.
    private static final List<String> PACKAGES = List.of(
            "base-files",
            "bash",
            "coreutils",
            "dash",
            "libacl1",
            "libattr1",
            "libc6",
            "libc-bin",
            "libgmp10",
            "libpcre2-8-0",
            "libselinux1",
            "libssl3",
            "libtinfo6",
            "sed",
            "grep");

    @Test
    void aDebianRootWithoutJavaRuns(@TempDir Path directory) throws Exception {
        var tar = debian(directory);
        assertEquals(204, importTar("debian", tar).status());
        assertTrue(BED.api("GET", "/sallyport/templates", "").body().contains("{\"name\":\"debian\"}"));
        var sandbox = BED.create("{\"templateID\":\"debian\"}");
        assertEquals(
                "uid=1000(user) gid=1000(user) groups=1000(user)\n",
                BED.exec(sandbox, "id").out());
        assertEquals(
                "", BED.sh(sandbox, "find / -xdev -name 'java*' 2>/dev/null").out());
        assertEquals(
                "bin\nlib\n",
                BED.sh(sandbox, "ls -d /usr/bin /usr/lib | sed 's:.*/::'").out());
        assertEquals(
                "written\n", BED.sh(sandbox, "echo written > ~/x && cat ~/x").out());

        // Replacing the template leaves the sandbox what it has.
        assertEquals(204, importTar("debian", tar).status());
        assertEquals(0, BED.exec(sandbox, "/bin/ls", "/").code());
        BED.kill(sandbox);
    }

    @Test
    void archivesThatAreNoneAreRefused(@TempDir Path directory) throws Exception {
        var text = directory.resolve("text.tar");
        Files.writeString(text, "no archive at all");
        assertEquals(400, importTar("broken", text).status());

        Files.createDirectories(directory.resolve("empty/nothing"));
        var empty = directory.resolve("empty.tar.gz");
        HostTruth.run(
                "tar",
                "-czf",
                empty.toString(),
                "-C",
                directory.resolve("empty").toString(),
                ".");
        var answer = importTar("empty", empty);
        assertEquals(400, answer.status());
        assertEquals("template 'empty' has no /bin (expected: a root file system)", answer.json("message"));
        assertEquals(400, importTar("base", empty).status());
        assertEquals(
                "[{\"name\":\"base\"}]",
                BED.api("GET", "/sallyport/templates", "").body().replace(",{\"name\":\"debian\"}", ""));
    }

    private static Path debian(Path directory) throws IOException {
        var files = new TreeSet<>(List.of("bin", "sbin", "lib", "lib64"));
        for (var name : PACKAGES) {
            for (var file : HostTruth.run("dpkg", "-L", name).split("\n", -1)) {
                var path = Path.of(file.isEmpty() ? "/" : file);
                if (!file.startsWith("/usr/share/") && Files.exists(path) && !Files.isDirectory(path)) {
                    files.add(merged(path));
                }
            }
        }
        var list = directory.resolve("files");
        Files.write(list, files);
        var tar = directory.resolve("debian.tar");
        HostTruth.run("tar", "-cf", tar.toString(), "--no-recursion", "-C", "/", "-T", list.toString());
        return tar;
    }

    /// The package says /bin/ls; on a merged system the file is /usr/bin/ls.
    private static String merged(Path file) throws IOException {
        var folder = file.getParent() == null ? Path.of("/") : file.getParent().toRealPath();
        return folder.resolve(String.valueOf(file.getFileName())).toString().substring(1);
    }

    private static Http.Answer importTar(String name, Path tar) throws IOException {
        try (Socket client = BED.http().open()) {
            client.getOutputStream()
                    .write(("PUT /sallyport/templates/" + name + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
                                    + BED.key() + "\r\nContent-Length: " + Files.size(tar)
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Files.copy(tar, client.getOutputStream());
            return Http.read(client.getInputStream(), false);
        }
    }
}
