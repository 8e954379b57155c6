package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What hostile code in a sandbox, root there, sees and reaches of the machine: nothing.
final class IsolationTest {
    private static final Testbed BED = Testbed.get();
    private static Installation.Sandbox sandbox;
    private static Installation.Sandbox neighbour;

    @BeforeAll
    static void create() {
        sandbox = BED.create();
        neighbour = BED.create();
    }

    @Test
    void thereIsNoNetworkButLoopback() {
        assertEquals("lo\n", BED.sh(sandbox, "ls /sys/class/net").out());
        assertEquals(
                "",
                BED.sh(sandbox, "tail -n +2 /proc/net/route; tail -n +2 /proc/net/arp")
                        .out());
        var python = "import socket,sys\n"
                + "for host, port in [('1.1.1.1', 53), ('169.254.169.254', 80), ('10.0.0.1', 80), ('2606:4700::1111', 53)]:\n"
                + "    try:\n"
                + "        socket.create_connection((host, port), 2)\n"
                + "        print('reached', host)\n"
                + "    except OSError as e:\n"
                + "        print(e.errno)\n";
        // 101: network is unreachable.
        assertEquals(
                "101\n101\n101\n101\n",
                BED.exec(sandbox, "python3", "-c", python).out());
    }

    @Test
    void thePortsOfTheMachineAreNotThere() throws IOException {
        int gateway = BED.port();
        for (var address :
                List.of("127.0.0.1", "::1", InetAddress.getLocalHost().getHostAddress())) {
            var script = "import socket\ntry:\n    socket.create_connection(('" + address + "', " + gateway
                    + "), 2)\n    print('reached')\nexcept OSError as e:\n    print('no')\n";
            assertEquals("no\n", BED.exec(sandbox, "python3", "-c", script).out(), address);
        }
    }

    @Test
    void nothingOfTheMachinesFilesIsThereButPrograms() throws IOException {
        var secret = Files.createTempFile(Path.of("/tmp"), "host-secret", ".txt");
        try {
            assertEquals(
                    "",
                    BED.exec(
                                    sandbox,
                                    "root",
                                    List.of(
                                            "find",
                                            "/",
                                            "-xdev",
                                            "-name",
                                            secret.getFileName().toString()))
                            .out());
            var top = new TreeSet<>(List.of(BED.sh(sandbox, "ls -A /").out().split("\n", -1)));
            top.remove("");
            assertEquals(
                    new TreeSet<>(List.of(
                            ".sallyport",
                            "bin",
                            "dev",
                            "etc",
                            "home",
                            "lib",
                            "lib64",
                            "media",
                            "mnt",
                            "opt",
                            "proc",
                            "root",
                            "run",
                            "sbin",
                            "srv",
                            "sys",
                            "tmp",
                            "usr",
                            "var")),
                    top);
            assertEquals("user\n", BED.sh(sandbox, "ls -A /home").out());
            var inside = BED.exec(sandbox, "root", List.of("ls", "-A", "/root", "/tmp", "/opt", "/srv", "/mnt"));
            assertFalse(inside.out().contains(secret.getFileName().toString()), inside.out());
            for (var file : List.of("/etc/passwd", "/etc/hostname", "/etc/hosts")) {
                assertNotEquals(
                        Files.readString(Path.of(file)),
                        BED.sh(sandbox, "cat " + file).out(),
                        file);
            }
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void noPathOfTheMachineCanBeRead() {
        var said = BED.exec(
                        sandbox,
                        "root",
                        List.of(
                                "sh",
                                "-c",
                                "cat /proc/self/mountinfo /proc/mounts /proc/1/cmdline /proc/1/environ /proc/self/cgroup"))
                .out();
        assertFalse(said.contains(BED.home().toString()), said);
        assertFalse(said.contains("target/guest"), said);
    }

    @Test
    void onlyItsOwnProcessesAreThere() {
        BED.startDetached(neighbour, "sleep", "4242");
        var processes =
                BED.exec(sandbox, "root", List.of("ps", "-eo", "pid,args")).out();
        assertFalse(processes.contains("4242"), processes);
        assertTrue(processes.lines().count() < 10, processes);
        assertTrue(processes.contains("1 /.sallyport/jre/bin/java"), processes);
    }

    @Test
    void sudoWorksInsideAndChangesNothingOutside() throws IOException {
        assertEquals("root\n", BED.exec(sandbox, "sudo", "-n", "whoami").out());
        var marker = Path.of("/usr/share/sallyport-test-" + sandbox.id());
        var result = BED.sh(
                sandbox,
                "sudo -n sh -c 'echo x > " + marker
                        + " && rm /usr/bin/python3 && echo 127.0.0.1 host >> /etc/hosts' && ls " + marker);
        assertEquals(marker + "\n", result.out(), result.err());
        assertFalse(Files.exists(marker));
        assertTrue(Files.exists(Path.of("/usr/bin/python3")));
        assertEquals(0, BED.exec(neighbour, "python3", "--version").code());
        assertEquals(
                "",
                BED.sh(neighbour, "ls /usr/share | grep sallyport-test || true").out());
    }

    @Test
    void rootInsideCannotLeaveTheBox() {
        var attempts = new ArrayList<String>();
        for (var attempt : List.of(
                "mount -t tmpfs tmpfs /mnt",
                "mount -o remount,rw /.sallyport",
                "mount -t proc proc /mnt",
                "unshare --user true",
                "unshare --mount true",
                "nsenter -t 1 -n true",
                "mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk",
                "echo 1 > /proc/sysrq-trigger",
                "echo 1 > /proc/sys/vm/drop_caches",
                "echo core > /proc/sys/kernel/core_pattern",
                "ip link add dummy0 type dummy",
                "hostname evil; test \"$(hostname)\" = evil",
                "date -s 2000-01-01",
                "touch /.sallyport/x",
                "dmesg",
                "swapoff -a",
                "insmod /nothing",
                "kexec -l /nothing",
                "chroot /proc/1/root ls /home/user/../../work",
                "cat /dev/mem",
                "head -c 1 /dev/vda")) {
            if (BED.exec(sandbox, "root", List.of("sh", "-c", attempt)).code() == 0) {
                attempts.add(attempt);
            }
        }
        // swapoff without swap areas has nothing to do and says so by succeeding.
        attempts.remove("swapoff -a");
        assertEquals(List.of(), attempts, "these succeeded inside the sandbox");
    }

    @Test
    void aUserCannotReadTheDaemonsMemoryOrSignalIt() {
        assertNotEquals(0, BED.sh(sandbox, "cat /proc/1/environ").code());
        assertNotEquals(0, BED.sh(sandbox, "head -c 1 /proc/1/mem").code());
        assertNotEquals(0, BED.sh(sandbox, "kill -9 1").code());
        assertEquals(
                0,
                BED.exec(sandbox, "root", List.of("sh", "-c", "kill -9 1; true"))
                        .code());
        var fresh = BED.create();
        assertNotEquals(
                0,
                BED.exec(fresh, "root", List.of("head", "-c", "1", "/proc/1/environ"))
                        .code(),
                "nor can root");
        BED.kill(fresh);
        assertEquals("alive\n", BED.sh(sandbox, "echo alive").out());
    }

    @Test
    void limitsHold() {
        var limited = BED.create();
        try {
            var bomb = "while :; do sleep 30 > /dev/null 2>&1 < /dev/null & done";
            var result = BED.sh(limited, bomb);
            assertTrue(result.err().contains("Cannot fork"), result.toString());
        } finally {
            BED.kill(limited);
        }
        limited = BED.create();
        try {
            var greedy = "b = []\nwhile True: b.append(bytearray(64 << 20))\n";
            assertNotEquals(0, BED.exec(limited, "python3", "-c", greedy).code());
        } finally {
            BED.kill(limited);
        }
    }

    @Test
    void theDaemonsDoorNeedsTheToken() {
        for (var target : List.of("/files?path=/etc/passwd", "/logs", "/process.Process/List", "/nothing")) {
            var answer = BED.get(sandbox, 49983, target);
            assertEquals(401, answer.status(), target);
            assertEquals("401", answer.json("code"));
        }
        assertEquals(204, BED.get(sandbox, 49983, "/health").status());
        var wrong = BED.http()
                .send("GET /logs HTTP/1.1\r\nHost: " + sandbox.host(49983) + "\r\nX-Access-Token: " + neighbour.token()
                        + "\r\nConnection: close\r\n\r\n");
        assertEquals(401, wrong.status());
    }
}
