package io.sallyport.testbed;

import static io.sallyport.testbed.EgressApiTest.withEgress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.sandbox.AccessTokens;
import io.sallyport.testbed.Installation.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hostile code in a sandbox, with the relay's own user id, looks for the session token that the relay holds.
final class TokenTheftTest {
    private static final Testbed BED = Testbed.get();
    private static final String JDK = System.getProperty("java.home") + "/bin/";
    private static final String PLANTED = "0123456789abcdef".repeat(4);

    private static Sandbox sandbox;
    private static String token;

    @BeforeAll
    static void create() throws IOException {
        Apps.need("gdb", "gdb");
        sandbox = BED.create(withEgress("{\"mode\":\"open\"}"));
        Apps.put(sandbox, "clients/token_hunt.py");
        token = new AccessTokens(Files.readAllBytes(BED.home().resolve("token-seed"))).egress(sandbox.id(), 1);
        var used = BED.sh(sandbox, "curl -sS https://allowed.canary.sallyport.internal/");
        assertEquals("ok\n", used.out(), used::toString);
    }

    @AfterAll
    static void kill() {
        BED.kill(sandbox);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "user"})
    void searchingAllMemoryAndAllFilesFindsOtherSecretsButNotTheToken(String user) {
        var script = "python3 -c 'import time; kept = \"" + PLANTED + "\"; time.sleep(60)' & "
                + "python3 /home/user/token_hunt.py; kill $!";
        var found = as(user, script);
        assertTrue(found.contains(PLANTED), () -> "the search is a good one: " + found);
        assertFalse(found.contains(token), "the token was found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jcmd 1 GC.heap_dump /tmp/heap.hprof",
                "jcmd 1 Thread.print",
                "jmap -dump:format=b,file=/tmp/heap.hprof 1",
                "jstack 1",
                "jinfo 1"
            })
    void noToolOfTheJdkAttaches(String command) {
        var result = BED.exec(sandbox, "root", List.of("/bin/sh", "-c", "exec timeout 20 " + JDK + command));
        assertNotEquals(0, result.code(), result::toString);
        assertEquals("", as("root", "ls /tmp/heap.hprof 2>/dev/null"));
    }

    @Test
    void aDebuggerDoesNotAttachAndNoCoreIsLeft() {
        var gdb = BED.exec(
                sandbox,
                "root",
                List.of("timeout", "20", "gdb", "-nx", "-batch", "-p", "1", "-ex", "generate-core-file /tmp/core"));
        assertTrue((gdb.out() + gdb.err()).contains("ptrace: "), gdb::toString);
        assertEquals("", as("root", "ls /tmp/core* /core* 2>/dev/null"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mem", "environ", "maps", "auxv", "fd/0", "root", "cwd", "exe", "map_files", "stack", "syscall"})
    void theRelaysEntriesUnderProcAreClosed(String entry) {
        var result = BED.exec(
                sandbox,
                "root",
                List.of("/bin/sh", "-c", "head -c 64 /proc/1/" + entry + " || ls -A /proc/1/" + entry + "/"));
        assertNotEquals(0, result.code(), result::toString);
    }

    @Test
    void nobodyListensOnTheWayToTheGateway() {
        var sniff = "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)'";
        var result = BED.exec(sandbox, "root", List.of("/bin/sh", "-c", sniff));
        assertTrue(result.err().contains("OSError") || result.err().contains("PermissionError"), result::toString);
    }

    private static String as(String user, String script) {
        return BED.exec(sandbox, user, List.of("/bin/sh", "-c", script)).out();
    }
}
