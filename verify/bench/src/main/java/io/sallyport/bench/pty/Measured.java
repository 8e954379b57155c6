package io.sallyport.bench.pty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The workloads of one subject. Figures are by the last parts of their keys.
///
/// @param program the Go program
/// @param keystrokes of one measurement
record Measured(Started subject, Path program, int keystrokes) {
    private static final List<String> TYPIST_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms32m", "-Xmx64m");
    private static final Duration TYPIST_WAIT = Duration.ofSeconds(40);
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int FLOOD_BYTES = 256 << 20;
    private static final int PASTE_BYTES = 16 << 20;
    private static final int PASTE_PIECE_BYTES = 32 << 10;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    Map<String, Double> measure(PtyWorkload workload) throws IOException {
        return switch (workload) {
            case IDLE -> type(subject.door());
            case SATURATED -> saturated();
            case FLOOD -> flood();
            case PASTE -> paste();
            case TERMINALS ->
                subject instanceof Platform platform
                        ? new IdleTerminals(platform, this).measure()
                        : Map.<String, Double>of();
        };
    }

    /// Types in a terminal that echoes.
    Map<String, Double> type(Door door) throws IOException {
        var typist = new ProcessBuilder(typist(door, door.openRaw("exec cat")))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            var meter = Meter.begin(subject);
            var printed = Waiting.forResult(
                    Typist.lasting(keystrokes).plus(TYPIST_WAIT),
                    () -> typist.getInputStream().readAllBytes());
            var figures = Keystrokes.parse(new String(printed, StandardCharsets.UTF_8))
                    .figures();
            figures.put("others_pct", meter.othersPercent());
            return figures;
        } finally {
            typist.destroy();
        }
    }

    /// With a real-time priority, for it competes with what it measures.
    private List<String> typist(Door door, String terminal) {
        var arguments = new ArrayList<>(List.of(Integer.toString(keystrokes), terminal));
        arguments.addAll(door.words());
        var command = new ArrayList<>(List.of("chrt", "--fifo", "1"));
        command.addAll(Machine.java(TYPIST_OPTIONS, Typist.class.getName(), arguments));
        return command;
    }

    private Map<String, Double> saturated() throws IOException {
        try (var loaded = Loaded.start(program, subject.app());
                var flood = Flood.start(subject.door())) {
            var figures = new LinkedHashMap<>(type(subject.door()));
            figures.put("flood_mib_per_s", flood.mibPerSecond());
            figures.putAll(loaded.stop());
            return figures;
        }
    }

    private Map<String, Double> flood() throws IOException {
        var words = "head -c 1 > /dev/null; head -c " + FLOOD_BYTES + " /dev/zero | tr '\\0' x";
        try (var terminal = Attachment.open(subject.door(), subject.door().openRaw(words), LIFE)) {
            terminal.awaitReady();
            long began = System.nanoTime();
            terminal.type(new byte[] {'\n'}, 0, 1);
            long read = 0;
            for (var bytes = terminal.output(); bytes.isPresent(); bytes = terminal.output()) {
                read += bytes.get().length;
            }
            if (read != FLOOD_BYTES) {
                throw new IOException(read + " bytes came of " + FLOOD_BYTES);
            }
            return Map.of("mib_per_s", read / BYTES_PER_MIB / secondsSince(began));
        }
    }

    private Map<String, Double> paste() throws IOException {
        var bytes = new byte[PASTE_BYTES];
        new Random(1).nextBytes(bytes);
        var words = "head -c " + PASTE_BYTES + " | sha256sum";
        try (var terminal = Attachment.open(subject.door(), subject.door().openRaw(words), LIFE)) {
            terminal.awaitReady();
            long began = System.nanoTime();
            Thread.ofPlatform().daemon().start(() -> paste(terminal, bytes));
            var said = new StringBuilder();
            for (var piece = terminal.output(); piece.isPresent(); piece = terminal.output()) {
                said.append(new String(piece.get(), StandardCharsets.UTF_8));
            }
            if (!said.toString().startsWith(sha256(bytes))) {
                throw new IOException("something else arrived: " + said);
            }
            return Map.of("seconds", secondsSince(began));
        }
    }

    private static void paste(Attachment terminal, byte[] bytes) {
        try {
            for (int at = 0; at < bytes.length; at += PASTE_PIECE_BYTES) {
                terminal.type(bytes, at, PASTE_PIECE_BYTES);
            }
        } catch (IOException e) {
            System.err.println("pasting: " + e);
            terminal.close(); // which ends the other thread's waiting
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / NANOS_PER_SECOND;
    }
}
