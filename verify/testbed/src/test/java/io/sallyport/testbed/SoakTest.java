package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.testbed.Installation.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Half an hour of everything at once: what a process has at its end it had early on. `-Dsoak.minutes=N` makes it
/// shorter.
@Tag("all")
final class SoakTest {
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));
    private static final int FLOOD_BYTES = 1_000_000;
    private static final int HEAP_KIB_MAX = 16 << 10;
    private static final int RESIDENT_KIB_MAX = 96 << 10;
    private static final int DESCRIPTORS_MAX = 24;
    private static final int THREADS_MAX = 24;
    private static final Pattern USED = Pattern.compile("(?:DefNew|Tenured) [^\\n]*used (\\d+)K");

    /// What a process has; the heap is -1 where nobody may look.
    private record Held(long heapKiB, long residentKiB, long descriptors, long threads) {
        static Held by(long pid, boolean mayLook) throws IOException {
            long heap = -1;
            if (mayLook) {
                var jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
                HostTruth.run(jcmd, Long.toString(pid), "GC.run");
                var matcher = USED.matcher(HostTruth.run(jcmd, Long.toString(pid), "GC.heap_info"));
                heap = matcher.results()
                        .mapToLong(match -> Long.parseLong(match.group(1)))
                        .reduce(Long::sum)
                        .orElseThrow();
            }
            var status = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .map(line -> line.split("\\s+"))
                    .filter(words -> words.length > 1)
                    .collect(Collectors.toMap(words -> words[0], words -> words[1]));
            try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                return new Held(
                        heap,
                        Long.parseLong(status.get("VmRSS:")),
                        descriptors.count(),
                        Long.parseLong(status.get("Threads:")));
            }
        }
    }

    @Test
    void whatThereIsAtTheEndThereWasEarlyOn() throws Exception {
        var apart = new Apart();
        try {
            var box = apart.create("{\"templateID\":\"base\",\"timeout\":3600}");
            var _ = Apps.echo(apart, box, 3000, "127.0.0.1");
            soak(apart, box);
        } finally {
            apart.close();
        }
    }

    private static void soak(Apart apart, Sandbox box) throws Exception {
        var kept = open(apart, box, "/bin/cat");
        try (var viewer = Viewer.attach(apart, box, kept.id(), "?since=0")) {
            long end = System.nanoTime() + LENGTH.toNanos();
            long early = System.nanoTime() + LENGTH.toNanos() / 6;
            Map<String, Held> before = Map.of();
            int rounds = 0;
            while (System.nanoTime() - end < 0) {
                round(apart, box);
                viewer.type("round " + rounds + "\n");
                viewer.expect("round " + rounds + "\r\nround " + rounds);
                viewer.output.reset();
                viewer.control.clear();
                viewer.ack();
                rounds++;
                if (before.isEmpty() && System.nanoTime() - early >= 0) {
                    before = held(apart, box);
                }
            }
            var after = held(apart, box);
            Files.writeString(
                    Files.createDirectories(Path.of("target/seen")).resolve("soak.txt"),
                    rounds + " rounds in " + LENGTH + "\nearly " + before + "\nend   " + after + "\n");
            for (var process : after.entrySet()) {
                var then = Objects.requireNonNull(before.get(process.getKey()));
                var now = process.getValue();
                var message = process.getKey() + ": " + then + ", then " + now;
                assertTrue(now.heapKiB() - then.heapKiB() < HEAP_KIB_MAX, message);
                assertTrue(now.residentKiB() - then.residentKiB() < RESIDENT_KIB_MAX, message);
                assertTrue(now.descriptors() - then.descriptors() < DESCRIPTORS_MAX, message);
                assertTrue(now.threads() - then.threads() < THREADS_MAX, message);
            }
        }
    }

    /// A flood to a new terminal whose viewer leaves and comes back, a shell, a command, a file, previews.
    private static void round(Apart apart, Sandbox box) throws Exception {
        var flood = open(apart, box, "/bin/sh", "-c", "head -c " + FLOOD_BYTES + " /dev/zero | tr '\\0' x");
        long next = 0;
        while (next < FLOOD_BYTES) {
            try (var viewer = Viewer.attach(apart, box, flood.id(), "?since=" + next)) {
                long until = next + 300_000;
                while (viewer.next < until && viewer.closeCode == 0) {
                    viewer.receiveOne();
                    viewer.ack();
                }
                next = viewer.next;
            }
        }
        var shell = open(apart, box, "/bin/sh");
        try (var viewer = Viewer.attach(apart, box, shell.id(), "?since=0")) {
            viewer.type("exit 3\n");
            viewer.receiveUntil(() -> false);
            assertEquals(3, viewer.exited().exitCode());
        }
        var detached = open(apart, box, "/bin/cat");
        try (var viewer = Viewer.attach(apart, box, detached.id(), "?since=0")) {
            viewer.say(FromViewer.signal("TERM", false));
            viewer.receiveUntil(() -> false);
        }
        assertEquals("x\n", apart.sh(box, "echo x").out());
        apart.put(box, "/tmp/file", "y".repeat(100_000));
        for (int i = 0; i < 50; i++) {
            assertEquals(200, apart.get(box, 3000, "/").status());
        }
    }

    private static TerminalInfo open(Apart apart, Sandbox box, String... command) throws Exception {
        var config = new ProcessConfig(command[0], List.of(command).subList(1, command.length), Map.of(), null);
        return apart.rpc(box, "user")
                .unary(TerminalApi.CREATE, new CreateRequest(config, null, null), TerminalInfo.class);
    }

    private static Map<String, Held> held(Apart apart, Sandbox box) throws Exception {
        var all = new LinkedHashMap<String, Held>();
        all.put("gateway", Held.by(apart.gateway().pid(), true));
        all.put("agent", Held.by(apart.agent().pid(), true));
        all.put("control", Held.by(apart.control().pid(), true));
        all.put("guest", Held.by(apart.guest(box), false));
        return all;
    }
}
