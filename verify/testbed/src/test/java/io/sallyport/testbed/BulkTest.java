package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Large bodies through the gateway: whole, and without the platform growing.
final class BulkTest {
    private static final Testbed BED = Testbed.get();
    private static final int MIB = 1 << 20;
    private static final int COUNT = 2048;
    private static final long GROWTH_MIB_MAX = 64;
    private static final byte[] PIECE = piece();

    private static Testbed.Sandbox sandbox;

    @BeforeAll
    static void startServer() {
        sandbox = BED.create();
        Apps.python(sandbox, "bulk.py", 3000);
        Testbed.eventually(
                Duration.ofSeconds(20),
                "bulk.py listens",
                () -> BED.get(sandbox, 3000, "/1").status() == 200);
    }

    @Test
    void twoGibibytesUpAndDownArriveWholeWithFlatMemory() throws Exception {
        warmUp();
        long before = HostTruth.residentKiB(ProcessHandle.current().pid()) >> 10;
        var up = upload();
        long afterUp = HostTruth.residentKiB(ProcessHandle.current().pid()) >> 10;
        var down = download(COUNT);
        long afterDown = HostTruth.residentKiB(ProcessHandle.current().pid()) >> 10;
        Files.writeString(
                Testbed.output("bulk.txt"),
                "resident MiB: before %d, after 2 GiB up %d, after 2 GiB down %d%n"
                        .formatted(before, afterUp, afterDown));
        assertEquals(expected(), up);
        assertEquals(expected(), down);
        assertTrue(afterUp - before < GROWTH_MIB_MAX, "grew by " + (afterUp - before) + " MiB up");
        assertTrue(afterDown - before < GROWTH_MIB_MAX, "grew by " + (afterDown - before) + " MiB down");
    }

    /// Lets buffers and code reach their size before the memory is looked at.
    private static void warmUp() throws Exception {
        for (int i = 0; i < 3; i++) {
            download(64);
        }
    }

    private static String upload() throws IOException {
        try (var client = BED.http().open()) {
            var out = client.getOutputStream();
            out.write(("PUT / HTTP/1.1\r\nHost: " + sandbox.host(3000) + "\r\nContent-Length: " + ((long) COUNT * MIB)
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < COUNT; i++) {
                out.write(PIECE);
            }
            return Http.read(client.getInputStream(), false).body();
        }
    }

    private static String download(int count) throws Exception {
        try (var client = BED.http().open()) {
            client.getOutputStream()
                    .write(("GET /" + count + " HTTP/1.1\r\nHost: " + sandbox.host(3000)
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = Http.readHead(client.getInputStream());
            assertTrue(head.contains("Content-Length: " + (long) count * MIB), head);
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[MIB];
            int n;
            while ((n = client.getInputStream().read(buffer)) >= 0) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static String expected() throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < COUNT; i++) {
            digest.update(PIECE);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The same bytes as `bulk.py` sends.
    private static byte[] piece() {
        var bytes = new byte[MIB];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31L % 251);
        }
        return bytes;
    }
}
