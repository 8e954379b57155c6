package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.Empty;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.ListResponse;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.testbed.Installation.Sandbox;
import io.sallyport.wire.websocket.WebSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Terminals in a sandbox, through the gateway and the guest daemon.
final class TerminalTest {
    private static final Testbed BED = Testbed.get();
    private static final int FLOOD_BYTES = 100 << 20;
    private static final int CUTS = 200;
    private static final int PASTE_BYTES = 16 << 20;
    private static final Executor TASKS = task -> Thread.ofVirtual().start(task);
    private static Sandbox sandbox;

    @BeforeAll
    static void create() {
        sandbox = BED.create();
    }

    private static TerminalInfo open(String... command) throws IOException, RpcException {
        return open(new Size(80, 24), command);
    }

    private static TerminalInfo open(@Nullable Size size, String... command) throws IOException, RpcException {
        var config = new ProcessConfig(
                command[0], List.of(command).subList(1, command.length), Map.of("PS1", "$ ", "TERM", "xterm"), null);
        return BED.rpc(sandbox, "user")
                .unary(TerminalApi.CREATE, new CreateRequest(config, size, null), TerminalInfo.class);
    }

    private static Viewer attach(TerminalInfo terminal, String query) throws IOException {
        return Viewer.attach(BED, sandbox, terminal.id(), query);
    }

    @Test
    void aShellEchoesAnswersAndEndsWithItsCode() throws Exception {
        var terminal = open("/bin/sh");
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.expect("$ ");
            viewer.type("tty; id -un; stty size\n");
            viewer.expect("24 80");
            assertTrue(viewer.text().contains("/dev/pts/"), viewer.text());
            assertTrue(viewer.text().contains("user"), viewer.text());
            viewer.say(FromViewer.resize(new Size(120, 40)));
            viewer.type("stty size\n");
            viewer.expect("40 120");
            viewer.type("exit 7\n");
            viewer.receiveUntil(() -> false);
            assertEquals(7, viewer.exited().exitCode());
            assertEquals(WebSocket.NORMAL, viewer.closeCode);
        }
        try (var again = attach(terminal, "?since=0")) {
            again.receiveUntil(() -> false);
            assertEquals("exit status 7", again.exited().status(), "no new shell is started");
            assertTrue(again.text().contains("40 120"), "what is kept is there");
        }
    }

    @Test
    void ctrlCReachesTheForegroundAndMayLeaveOutAFlood() throws Exception {
        var terminal = open("/bin/sh");
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.expect("$ ");
            viewer.type("yes\n");
            viewer.receiveUntil(() -> viewer.output.size() > 100_000);
            viewer.say(FromViewer.signal("INT", true));
            while (viewer.control.stream().noneMatch(said -> said.gap() != null)) {
                viewer.receiveOne();
                viewer.ack();
            }
            viewer.type("echo over-$?\n");
            while (!viewer.text().contains("over-130")) {
                viewer.receiveOne();
                viewer.ack();
            }
        }
    }

    @Test
    void otherSignalsReachTheForeground() throws Exception {
        var terminal = open(
                "/bin/bash",
                "-c",
                "trap 'echo winch' WINCH; trap 'echo term; exit 5' TERM; echo on; " + "while :; do sleep 0.05; done");
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.expect("on");
            viewer.say(FromViewer.signal("WINCH", false));
            viewer.expect("winch");
            viewer.say(FromViewer.signal("TERM", false));
            viewer.receiveUntil(() -> false);
            assertEquals(5, viewer.exited().exitCode());
        }
    }

    @Test
    void viewersShareATerminalAndOneThatOnlyLooksCannotType() throws Exception {
        var terminal = open("/bin/cat");
        try (var one = attach(terminal, "?since=0");
                var two = attach(terminal, "");
                var looking = attach(terminal, "?readonly=true")) {
            one.type("from one\n");
            two.expect("from one\r\nfrom one");
            two.type("from two\n");
            one.expect("from two");
            looking.expect("from two\r\nfrom two");
            two.say(FromViewer.resize(new Size(100, 30)));
            one.receiveUntil(() -> one.control.stream()
                    .anyMatch(said -> said.resized() != null
                            && new Size(100, 30).equals(said.resized().size())));
            looking.type("x");
            looking.receiveUntil(() -> false);
            assertEquals(WebSocket.POLICY, looking.closeCode);
        }
    }

    /// Twice what a window holds, so that whoever forgets to wait loses something.
    @Test
    void aPasteArrivesWholeWhateverTheProgramDoes() throws Exception {
        var terminal =
                open("/bin/sh", "-c", "stty raw -echo; echo ready; sleep 1; head -c " + PASTE_BYTES + " | sha256sum");
        var paste = new byte[PASTE_BYTES];
        new Random(7).nextBytes(paste);
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.expect("ready");
            int piece = TerminalApi.MESSAGE_BYTES_MAX;
            for (int at = 0; at < paste.length; at += piece) {
                long sent = at + (long) piece;
                viewer.receiveUntil(() -> sent - viewer.taken <= TerminalApi.WINDOW_BYTES);
                viewer.socket.sendBinary(paste, at, piece);
            }
            viewer.receiveUntil(() -> false);
            assertTrue(
                    viewer.text()
                            .contains(hex(MessageDigest.getInstance("SHA-256").digest(paste))),
                    viewer.text());
        }
    }

    @Test
    void aStreamIsTheSameAfterTwoHundredCuts() throws Exception {
        var script =
                "stty raw; openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c " + FLOOD_BYTES;
        var expected = BED.sh(
                sandbox,
                "openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c " + FLOOD_BYTES
                        + " | sha256sum");
        var terminal = open("/bin/sh", "-c", "sleep 1; " + script);
        var digest = MessageDigest.getInstance("SHA-256");
        long next = 0;
        int cuts = 0;
        var random = new Random(11);
        boolean ended = false;
        while (!ended) {
            long until = cuts < CUTS ? next + FLOOD_BYTES / (CUTS + 40) + random.nextInt(20_000) : Long.MAX_VALUE;
            try (var viewer = attach(terminal, "?since=" + next)) {
                assertEquals(next, viewer.next, "goes on where it was");
                long acked = next;
                while (viewer.next < until && viewer.closeCode == 0) {
                    viewer.receiveOne();
                    digest.update(viewer.output.toByteArray());
                    viewer.output.reset();
                    if (viewer.next - acked >= TerminalApi.ACK_BYTES) {
                        viewer.ack();
                        acked = viewer.next;
                    }
                }
                assertTrue(viewer.control.stream().allMatch(said -> said.gap() == null), "no gap");
                next = viewer.next;
                ended = viewer.exit != null;
            }
            cuts += ended ? 0 : 1;
        }
        assertEquals(CUTS, cuts);
        assertEquals(FLOOD_BYTES, next);
        assertTrue(expected.out().startsWith(hex(digest.digest())), "the same bytes");
    }

    @Test
    void whoComesTooLateIsToldWhatIsMissing() throws Exception {
        var terminal = open("/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo end; sleep 100");
        Testbed.eventually(
                Duration.ofSeconds(10), "written", () -> list(terminal).written() > 3_000_000);
        try (var viewer = attach(terminal, "?since=5")) {
            viewer.receiveUntil(() -> !viewer.text().isEmpty());
            var gap = Objects.requireNonNull(viewer.control.get(1).gap());
            assertEquals(5, gap.from());
            assertTrue(gap.to() > 1_000_000, gap.toString());
            assertEquals("overwritten", gap.reason());
            while (!viewer.text().contains("end")) {
                viewer.ack();
                viewer.receiveOne();
            }
        }
    }

    @Test
    void whatManyTerminalsHaveWrittenIsKeptThoughItIsMoreThanTheDaemonsHeap() throws Exception {
        int many = 150;
        var own = BED.create();
        var rpc = BED.rpc(own, "user");
        try {
            for (var last : List.of("exit", "read line")) {
                var script = "head -c 1200000 /dev/zero | tr '\\0' x; " + last;
                var config = new ProcessConfig("/bin/sh", List.of("-c", script), Map.of(), null);
                for (int i = 0; i < many; i++) {
                    rpc.unary(TerminalApi.CREATE, new CreateRequest(config, null, null), TerminalInfo.class);
                }
            }
            Testbed.eventually(
                    Duration.ofSeconds(60),
                    "written",
                    () -> running(own).stream()
                                    .filter(one -> one.written() == 1_200_000)
                                    .count()
                            == many);
            var kept = running(own).stream()
                    .map(one -> one.written() - one.oldest())
                    .distinct()
                    .sorted()
                    .toList();
            assertEquals(List.of(256L << 10, 1L << 20), kept);
        } finally {
            BED.kill(own);
        }
    }

    private static List<TerminalInfo> running(Sandbox box) {
        try {
            return BED.rpc(box, "user").unary(TerminalApi.LIST, new Empty(), ListResponse.class).terminals().stream()
                    .filter(one -> one.exit() == null)
                    .toList();
        } catch (IOException | RpcException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static TerminalInfo list(TerminalInfo terminal) {
        try {
            return BED
                    .rpc(sandbox, "user")
                    .unary(TerminalApi.LIST, new Empty(), ListResponse.class)
                    .terminals()
                    .stream()
                    .filter(one -> one.id().equals(terminal.id()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException | RpcException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aViewerThatNeverReadsHoldsTheProgramAndNobodyElse() throws Exception {
        var terminal = open("/usr/bin/timeout", "20", "yes");
        var other = open("/bin/cat");
        try (var silent = attach(terminal, "?since=0");
                var viewer = attach(other, "?since=0")) {
            Testbed.eventually(Duration.ofSeconds(10), "stopped", () -> {
                long before = list(terminal).written();
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                return before > 0 && list(terminal).written() == before;
            });
            viewer.type("still here\n");
            viewer.expect("still here");
            assertNotNull(silent);
        }
    }

    @Test
    @Tag("all")
    void whoAnswersNoPingIsLetGoAfter45Seconds() throws Exception {
        var terminal = open("/bin/cat");
        try (var silent = attach(terminal, "?since=0")) {
            silent.socket.deadline(Deadline.NEVER);
            long before = System.nanoTime();
            Testbed.eventually(
                    Duration.ofSeconds(60), "let go", () -> list(terminal).viewers() == 0);
            long seconds = Duration.ofNanos(System.nanoTime() - before).toSeconds();
            assertTrue(seconds >= 43 && seconds <= 47, seconds + " s");
            assertNotNull(silent);
        }
    }

    @Test
    void whoPingsAndNeverReadsIsCutOff() throws Exception {
        var terminal = open("/usr/bin/timeout", "20", "yes");
        try (var silent = attach(terminal, "?since=0&readonly=true")) {
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 1_000_000; i++) {
                    silent.say(FromViewer.ping(i));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"what\":{}}",
                "nonsense",
                "[1]",
                "{\"resize\":{\"cols\":0,\"rows\":0}}",
                "{\"resize\":{\"cols\":65535,\"rows\":65535}}",
                "{\"resize\":{\"cols\":-1,\"rows\":24}}",
                "{\"ack\":{\"upTo\":\"99999999\"}}",
                "{\"signal\":{\"name\":\"USR1\"}}",
                "{\"signal\":{}}"
            })
    void whatMakesNoSenseIsRefusedWithAReasonAndTheTerminalLives(String said) throws Exception {
        var terminal = open("/bin/cat");
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.socket.sendText(said.getBytes(StandardCharsets.UTF_8));
            viewer.receiveUntil(() -> false);
            assertEquals(WebSocket.POLICY, viewer.closeCode, said);
        }
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.type("alive\n");
            viewer.expect("alive\r\nalive");
        }
    }

    @Test
    void messagesThatAreTooLargeEndTheConnectionOnly() throws Exception {
        var terminal = open("/bin/cat");
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.socket.sendBinary(new byte[TerminalApi.MESSAGE_BYTES_MAX + 1], 0, TerminalApi.MESSAGE_BYTES_MAX + 1);
            viewer.receiveUntil(() -> false);
            assertEquals(1009, viewer.closeCode);
        }
        var sleeper = open("/bin/sh", "-c", "stty raw -echo; sleep 1000");
        try (var viewer = attach(sleeper, "?since=0")) {
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 64 && viewer.closeCode == 0; i++) {
                    viewer.socket.sendBinary(new byte[60_000], 0, 60_000);
                }
                viewer.receiveUntil(() -> false);
                assertEquals(WebSocket.POLICY, viewer.closeCode, "more than the window");
                throw new EOFException();
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "t-00000000, '', 404",
        "nonsense, '', 404",
        "ID, ?since=x, 400",
        "ID, ?since=-1, 400",
        "ID, ?since=999999999, 400"
    })
    void whatCannotBeAttachedToIsRefusedBefore(String id, String query, int status) throws Exception {
        var terminal = open("/bin/cat");
        assertEquals(status, Viewer.ask(BED, sandbox, TerminalApi.ATTACH + id.replace("ID", terminal.id()) + query));
    }

    @Test
    void aSizeThatIsNoneIsRefused() {
        for (var size : List.of(new Size(0, 0), new Size(65_535, 65_535), new Size(80, -1))) {
            var refused = assertThrows(RpcException.class, () -> open(size, "/bin/cat"));
            assertEquals(RpcCode.INVALID_ARGUMENT, refused.code());
            assertTrue(String.valueOf(refused.getMessage()).contains(size.toString()), refused.toString());
        }
    }

    @Test
    void comingAndGoingTenThousandTimesLeavesNothingBehind() throws Exception {
        int times = Boolean.getBoolean("all") ? 10_000 : 500;
        var terminal = open("/bin/cat");
        for (int i = 0; i < times; i++) {
            try (var viewer = attach(terminal, "?since=0")) {
                viewer.say(FromViewer.goodbye());
            }
        }
        try (var viewer = attach(terminal, "")) {
            viewer.type("last\n");
            viewer.expect("last\r\nlast");
        }
        Testbed.eventually(
                Duration.ofSeconds(10), "nobody attached", () -> list(terminal).viewers() == 0);
    }

    @Test
    void theEndOfASandboxIsToldAtOnceAndAsWhatItIs() throws Exception {
        var other = BED.create();
        var config = new ProcessConfig("/bin/cat", List.of(), Map.of(), null);
        var rpc = BED.rpc(other, "user");
        var terminal = rpc.unary(TerminalApi.CREATE, new CreateRequest(config, null, null), TerminalInfo.class);
        var command = new ProcessConfig("/bin/sleep", List.of("1000"), Map.of(), null);
        var stream = CompletableFuture.supplyAsync(
                () -> assertThrows(
                        RpcException.class,
                        () -> rpc.streaming(
                                ProcessApi.START,
                                new StartRequest(command, null, false),
                                StartResponse.class,
                                event -> {})),
                TASKS);
        try (var viewer = Viewer.attach(BED, other, terminal.id(), "?since=0")) {
            Testbed.eventually(
                    Duration.ofSeconds(10),
                    "runs",
                    () -> !BED.sh(other, "pgrep sleep").out().isEmpty());
            var killed = CompletableFuture.runAsync(() -> BED.kill(other), TASKS);
            long before = System.nanoTime();
            viewer.receiveUntil(() -> false);
            assertEquals(WebSocket.GOING_AWAY, viewer.closeCode);
            var error = stream.get(2, TimeUnit.SECONDS);
            assertEquals(RpcCode.UNAVAILABLE, error.code());
            assertTrue(System.nanoTime() - before < Duration.ofSeconds(2).toNanos(), "within 2 s");
            killed.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aTerminalGoesOnWithoutAnybody() throws Exception {
        var terminal = open("/bin/sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; read x; echo got $x");
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.expect("1");
        }
        Testbed.eventually(
                Duration.ofSeconds(10), "went on", () -> list(terminal).written() >= 15);
        try (var viewer = attach(terminal, "?since=0")) {
            viewer.expect("5");
            viewer.type("it\n");
            viewer.expect("got it");
            assertArrayEquals(
                    "1\r\n2\r\n3".getBytes(StandardCharsets.UTF_8),
                    viewer.text().substring(0, 7).getBytes(StandardCharsets.UTF_8));
            assertFalse(viewer.text().contains("6"));
        }
    }
}
