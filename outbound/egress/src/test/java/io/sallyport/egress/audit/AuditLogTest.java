package io.sallyport.egress.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.audit.AuditLog.Kept;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final SandboxId sandbox = SandboxId.random();

    private Draft draft(String host) {
        return Draft.connect(sandbox).target("https", host, 443).allowed("mode open");
    }

    private void write(Kept kept, String... hosts) throws IOException {
        try (var log = AuditLog.open(directory, kept)) {
            for (var host : hosts) {
                log.append(draft(host));
            }
        }
    }

    private Path file() throws IOException {
        return AuditFiles.in(directory).getFirst().path();
    }

    @Test
    void numbersAndChainsItsLines() throws IOException {
        write(Kept.DEFAULT, "a.test", "b.test", "c.test");
        var lines = Files.readAllLines(file());
        var records = lines.stream()
                .map(line ->
                        AuditLine.read(line.getBytes(StandardCharsets.UTF_8)).orElseThrow())
                .toList();
        assertEquals(
                List.of(1L, 2L, 3L), records.stream().map(EgressRecord::seq).toList());
        assertEquals("", records.get(0).prev());
        assertEquals(records.get(0).hash(), records.get(1).prev());
        assertEquals(records.get(1).hash(), records.get(2).prev());
        assertTrue(AuditVerify.verify(directory).good());
    }

    @Test
    void goesOnWhereItStopped() throws IOException {
        write(Kept.DEFAULT, "a.test", "b.test");
        write(Kept.DEFAULT, "c.test");
        var verified = AuditVerify.verify(directory);
        assertTrue(verified.good(), verified::toString);
        assertEquals(3, verified.lines());
    }

    @Test
    void findsALineThatWasChanged() throws IOException {
        write(Kept.DEFAULT, "a.test", "b.test", "c.test");
        Files.writeString(file(), Files.readString(file()).replace("b.test", "x.test"));
        assertEquals(2, AuditVerify.verify(directory).bad().orElseThrow().line());
    }

    @Test
    void findsALineThatIsMissing() throws IOException {
        write(Kept.DEFAULT, "a.test", "b.test", "c.test");
        var lines = new ArrayList<>(Files.readAllLines(file()));
        lines.remove(1);
        Files.writeString(file(), String.join("\n", lines) + "\n");
        assertEquals(2, AuditVerify.verify(directory).bad().orElseThrow().line());
    }

    @Test
    void findsLinesThatChangedPlaces() throws IOException {
        write(Kept.DEFAULT, "a.test", "b.test", "c.test");
        var lines = Files.readAllLines(file());
        Files.writeString(file(), lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(1) + "\n");
        assertEquals(2, AuditVerify.verify(directory).bad().orElseThrow().line());
    }

    @Test
    void takesATornLineAwayAndSaysSo() throws IOException {
        write(Kept.DEFAULT, "a.test", "b.test");
        Files.writeString(file(), "{\"time\":\"20", StandardOpenOption.APPEND);
        write(Kept.DEFAULT, "c.test");
        assertTrue(AuditVerify.verify(directory).good());
        var lines = Files.readAllLines(file());
        assertEquals(4, lines.size());
        assertTrue(lines.get(2).contains("\"event\":\"log\""), lines.get(2));
        assertTrue(lines.get(3).contains("c.test"), lines.get(3));
    }

    @Test
    void keepsTheChainOverManyFilesAndDropsTheOldest() throws IOException {
        var hosts = new String[40];
        Arrays.fill(hosts, "a.test");
        write(new Kept(2_000, 4), hosts);
        var files = AuditFiles.in(directory);
        assertEquals(4, files.size());
        assertTrue(files.getFirst().firstSeq() > 1);
        assertTrue(AuditVerify.verify(directory).good());
        Files.delete(files.get(1).path());
        assertFalse(AuditVerify.verify(directory).good());
    }

    @Test
    void readsWhatOneSandboxDidBehindALine() throws IOException {
        var other = SandboxId.random();
        try (var log = AuditLog.open(directory, new Kept(2_000, 100))) {
            for (int i = 0; i < 20; i++) {
                log.append(draft("host" + i + ".test"));
                log.append(Draft.connect(other)
                        .target("https", "elsewhere.test", 443)
                        .allowed(""));
            }
            var all = log.read(sandbox, 0, 100);
            assertEquals(20, all.size());
            assertEquals("host0.test", all.getFirst().host());
            assertEquals(List.of("host18.test", "host19.test"), hosts(log.read(sandbox, 36, 100)));
            assertEquals(List.of("host5.test"), hosts(log.read(sandbox, 10, 1)));
            assertEquals(List.of(), log.read(SandboxId.random(), 0, 100));
        }
    }

    private static List<String> hosts(List<EgressRecord> records) {
        return records.stream().map(EgressRecord::host).toList();
    }

    private Draft refused(SandboxId whose) {
        return Draft.connect(whose).target("https", "denied.test", 443).refused(EgressReason.HOST_DENIED, "");
    }

    @Test
    void countsAFloodOfRefusalsAndNeverWhatWasAllowed() throws IOException {
        var neighbour = SandboxId.random();
        int flood = 10 * Quotas.BURST;
        try (var log = AuditLog.open(directory, Kept.DEFAULT)) {
            for (int i = 0; i < flood; i++) {
                log.append(
                        switch (i % 3) {
                            case 0 -> refused(sandbox);
                            case 1 ->
                                Draft.name(sandbox).target("", "a.test", 0).allowed("");
                            default -> Draft.connect(sandbox).allowed(Draft.CANARY);
                        });
            }
            assertTrue(log.append(draft("allowed.test")) > 0);
            assertTrue(log.append(refused(neighbour)) > 0, "another sandbox's are written");
            assertTrue(log.append(Draft.end(sandbox).refused(EgressReason.SNI_MISMATCH, "")) > 0);
            assertTrue(log.append(Draft.request(sandbox).refused(EgressReason.UPSTREAM_BROKEN, "")) > 0);
        }
        long written = 0;
        long counted = 0;
        for (var line : Files.readAllLines(file())) {
            var record = AuditLine.read(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
            if (record.event().equals("log")) {
                assertEquals(sandbox.text(), record.sandbox());
                assertEquals("limit", record.reason());
                counted +=
                        Long.parseLong(record.rule().substring(0, record.rule().indexOf(' ')));
            } else {
                written++;
            }
        }
        assertEquals(flood + 4, written + counted, "each is written or counted");
        assertTrue(written < flood / 2, written + " were written");
        assertTrue(AuditVerify.verify(directory).good());
    }

    @Test
    void saysHowManyWereCountedWhenNothingElseIsWritten() throws IOException {
        try (var log = AuditLog.open(directory, Kept.DEFAULT)) {
            for (int i = 0; i < 2 * Quotas.BURST; i++) {
                log.append(refused(sandbox));
            }
            var deadline = Deadline.after(WAIT);
            while (log.read(sandbox, 0, 1_000).stream()
                    .noneMatch(record -> record.rule().contains(" more refused"))) {
                assertFalse(deadline.passed(), "no summary");
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Test
    void namesEveryCredentialOfARequest() throws IOException {
        var names = "A".repeat(64) + "," + "B".repeat(64) + "," + "C".repeat(64);
        try (var log = AuditLog.open(directory, Kept.DEFAULT)) {
            log.append(Draft.request(sandbox).allowed("").credential(names));
            assertEquals(names, log.read(sandbox, 0, 1).getFirst().credential());
        }
    }

    @Test
    void writesWhatManyThreadsSayOnce() throws Exception {
        int count = 2_000;
        try (var log = AuditLog.open(directory, Kept.DEFAULT);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var written = new ArrayList<Future<Long>>();
            for (int i = 0; i < count; i++) {
                written.add(threads.submit(() -> log.append(draft("a.test"))));
            }
            var numbers = new HashSet<Long>();
            for (var one : written) {
                numbers.add(one.get());
            }
            assertEquals(count, numbers.size());
        }
        assertEquals(count, AuditVerify.verify(directory).lines());
    }

    @Test
    void refusesWhatCannotBeWritten() throws IOException {
        var full = new AtomicBoolean();
        AuditWriter.Output output = (channel, bytes) -> {
            if (full.get()) {
                channel.write(bytes.slice(0, bytes.limit() / 2));
                throw new IOException("No space left on device");
            }
            AuditWriter.Output.PLAIN.write(channel, bytes);
        };
        try (var log = AuditLog.open(directory, Kept.DEFAULT, output)) {
            assertEquals(1, log.append(draft("a.test")));
            full.set(true);
            assertThrows(AuditException.class, () -> log.append(draft("b.test")));
            full.set(false);
            assertEquals(2, log.append(draft("c.test")), "half a line is not left behind");
        }
        assertEquals(2, AuditVerify.verify(directory).lines());
        assertFalse(Files.readString(file()).contains("b.test"));
    }

    @Test
    void isClosedForGood() throws IOException {
        var log = AuditLog.open(directory, Kept.DEFAULT);
        log.append(draft("a.test"));
        log.close();
        assertThrows(AuditException.class, () -> log.append(draft("b.test")));
        assertEquals(1, AuditVerify.verify(directory).lines());
    }

    @Test
    void keepsItsFilesToItsOwner() throws IOException {
        write(Kept.DEFAULT, "a.test");
        assertEquals("[OWNER_READ, OWNER_WRITE]", new TreeSet<>(Files.getPosixFilePermissions(file())).toString());
    }

    @Test
    void saysNothingThatMovesATerminalOrEndsALine() throws IOException {
        try (var log = AuditLog.open(directory, Kept.DEFAULT)) {
            log.append(Draft.request(sandbox)
                    .target("https", "evil\r\n{\"seq\":9}\u001b[2J\u202egpj", 443)
                    .request("GET\n", "/a\u0000b?token=secret#secret")
                    .refused(EgressReason.HOST_DENIED, "rule\n"));
        }
        var bytes = Files.readAllBytes(file());
        for (int i = 0; i < bytes.length - 1; i++) {
            assertTrue(bytes[i] >= ' ' && bytes[i] < 0x7f, "byte " + i + " is " + bytes[i]);
        }
        var text = new String(bytes, StandardCharsets.US_ASCII);
        assertTrue(text.contains("evil<d><a>{\\\"seq\\\":9}<1b>[2J<202e>gpj"), text);
        assertFalse(text.contains("secret"), text);
        assertTrue(AuditVerify.verify(directory).good());
    }

    @Test
    void cutsWhatIsLong() {
        assertEquals("a".repeat(7) + "...", Clean.text("a".repeat(1_000_000), 10));
        assertEquals("a".repeat(10), Clean.text("a".repeat(10), 10));
        assertEquals("/a", Clean.path("/a#b?c"));
    }
}
